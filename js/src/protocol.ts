// The widget's wire: what the kernel sends, checked, and what it is asked.
//
// Everything that arrives is of unknown type until it has passed through here.

import type { ComparisonRequest } from "./comparison/model.ts";
import {
  type Consent,
  type ExportCell,
  type ExportFile,
  GROWING,
  type GrowingKind,
  type Message,
  type Part,
  type Retry,
  type Role,
  type Settings,
  type Status,
  type Thread,
  type ThreadRow,
} from "./model.ts";
import {
  boolean,
  type Check,
  count,
  list,
  nullable,
  object,
  oneOf,
  record,
  string,
  variants,
} from "./protocol/check.ts";
import {
  consent,
  exportCell,
  figures,
  message,
  params,
  part,
  prompts,
  retry,
  settings,
  thread,
  threadRow,
  typed,
} from "./protocol/values.ts";
import { wellFormed } from "./text.ts";

export { ProtocolError } from "./protocol/check.ts";

// ---------------------------------------------------------------------------- kernel → browser

/** Everything at one moment; a streaming message carries its text so far. */
export interface Snapshot {
  readonly revision: number;
  readonly thread: Thread;
  readonly settings: Settings;
}

/** What is known of an answer once it has ended. */
export type Final = { readonly status: (typeof ENDS)[number] } & Partial<
  Pick<
    Message,
    | "finish_reason"
    | "usage"
    | "timing"
    | "error"
    | "invalid"
    | "model"
    | "request_id"
    | "tokens"
    | "has_logprobs"
    | "content"
  >
>;

const ENDS = ["complete", "cancelled", "interrupted", "failed"] as const satisfies Status[];

/** Fields of the thread that a request or an event changes. */
export type Changes = Partial<Pick<Thread, "title" | "system" | "prompts" | "model" | "params">>;

/** Changes the structure of the thread; each has the next revision. */
export type Structural =
  | {
      readonly type: "added";
      readonly revision: number;
      readonly messages: readonly Message[];
      readonly head: string | null;
    }
  | {
      readonly type: "started";
      readonly revision: number;
      readonly message: Message;
      readonly head: string;
    }
  | {
      readonly type: "retrying";
      readonly revision: number;
      readonly message: string;
      readonly retry: Retry | null;
    }
  | {
      readonly type: "asking";
      readonly revision: number;
      readonly message: string;
      readonly consent: Consent | null;
    }
  | {
      readonly type: "finished";
      readonly revision: number;
      readonly message: string;
      /** Code points of each part: how a lost tail shows. */
      readonly lengths: readonly number[];
      readonly final: Final;
    }
  | { readonly type: "selected"; readonly revision: number; readonly head: string | null }
  | { readonly type: "changed"; readonly revision: number; readonly changes: Changes };

/** Makes an answer grow; `part` and `offset` (code points) say where. */
export interface Delta {
  readonly type: "text";
  readonly message: string;
  readonly part: number;
  readonly offset: number;
  readonly text: string;
  readonly kind: GrowingKind;
  readonly id?: string;
  readonly name?: string;
  readonly tokens?: number;
}

export interface Refusal {
  readonly kind: string;
  readonly title: string;
  readonly detail: string;
}

/** The kernel's answer to a request. */
export type Answer =
  | {
      readonly type: "done";
      readonly request: string;
      readonly result: Readonly<Record<string, unknown>>;
    }
  | { readonly type: "refused"; readonly request: string; readonly error: Refusal };

/** Python asks for cells below the widget's; the page that is granted its claim inserts them. */
export interface Insert {
  readonly type: "insert";
  readonly action: string;
  readonly cells: readonly ExportCell[];
}

/** Changes what there is to see. */
export type Change =
  | Structural
  | Delta
  | { readonly type: "settings"; readonly settings: Settings }
  | { readonly type: "settings_changed"; readonly changes: Readonly<Record<string, unknown>> };

/** What comes of the comparison that is shown, still to be read by those who show it. */
export interface Compared {
  readonly type: "comparison";
  readonly comparison: string;
  readonly events: readonly unknown[];
}

export type Event = Change | Insert | Answer | Compared;

/** A file that is too large for every widget to carry; its bytes come beside this. */
export interface Asset {
  readonly type: "asset";
  readonly request: string;
  readonly name: string;
}

const snapshot: Check<Snapshot> = object({ revision: count, thread, settings });

const delta: Check<Delta> = object(
  {
    ...typed("text"),
    message: string,
    part: count,
    offset: count,
    text: (value: unknown, at: string) => wellFormed(string(value, at)),
    kind: oneOf(GROWING),
  },
  { id: string, name: string, tokens: count },
);

const event: Check<Event> = variants({
  added: object({
    ...typed("added"),
    revision: count,
    messages: list(message),
    head: nullable(string),
  }),
  started: object({ ...typed("started"), revision: count, message, head: string }),
  retrying: object({
    ...typed("retrying"),
    revision: count,
    message: string,
    retry: nullable(retry),
  }),
  asking: object({
    ...typed("asking"),
    revision: count,
    message: string,
    consent: nullable(consent),
  }),
  finished: object({
    ...typed("finished"),
    revision: count,
    message: string,
    lengths: list(count),
    final: object({ status: oneOf(ENDS) }, { ...figures, content: list(part) }),
  }),
  selected: object({ ...typed("selected"), revision: count, head: nullable(string) }),
  changed: object({
    ...typed("changed"),
    revision: count,
    changes: object({}, { title: string, system: string, prompts, model: string, params }),
  }),
  text: delta,
  settings: object({ ...typed("settings"), settings }),
  // Checked with those that stay as they are, which are not known here.
  settings_changed: object({ ...typed("settings_changed"), changes: record }),
  comparison: object({
    ...typed("comparison"),
    comparison: string,
    events: list((value: unknown) => value),
  }),
  insert: object({ ...typed("insert"), action: string, cells: list(exportCell) }),
  done: object({ ...typed("done"), request: string, result: record }),
  refused: object({
    ...typed("refused"),
    request: string,
    error: object({ kind: string, title: string, detail: string }),
  }),
});

/** Reads the `thread` trait. */
export function parseSnapshot(data: unknown): Snapshot {
  return snapshot(data, "snapshot");
}

const batch = object({ events: list((value: unknown) => value) });

/** Reads the `delta` trait: its events, each still to be read, so that a bad one costs no other. */
export function parseBatch(data: unknown): readonly unknown[] {
  return batch(data, "batch").events;
}

export function parseEvent(data: unknown): Event {
  return event(data, "event");
}

/** The settings with those that have changed. */
export function changedSettings(
  now: Settings,
  changes: Readonly<Record<string, unknown>>,
): Settings {
  return settings({ ...now, ...changes }, "settings");
}

const asset: Check<Asset> = object({ ...typed("asset"), request: string, name: string });

/** Reads a custom message that came with bytes. */
export function parseAsset(data: unknown): Asset {
  return asset(data, "message");
}

// ------------------------------------------------------------------------ results of requests

/** Some of the threads, and where the next ones begin. */
export interface ThreadPage {
  readonly threads: readonly ThreadRow[];
  readonly after: string | null;
}

const threadPage: Check<ThreadPage> = object({ threads: list(threadRow), after: nullable(string) });
const threadId = object({ thread: string });
const imported = object({ threads: list(string) });
const exportCells = object({ cells: list(exportCell) });
const exportFile: Check<ExportFile> = object({ name: string, media_type: string, text: string });
const claim = object({ granted: boolean });

/** Of `threads`. */
export function parseThreads(data: unknown): ThreadPage {
  return threadPage(data, "threads");
}

/** Of `new_thread` and `duplicate_thread`: the id of the new thread. */
export function parseThreadId(data: unknown): string {
  return threadId(data, "result").thread;
}

/** Of `import_threads`: the ids of what came. */
export function parseImported(data: unknown): readonly string[] {
  return imported(data, "result").threads;
}

/** Of `export` to cells. */
export function parseExportCells(data: unknown): readonly ExportCell[] {
  return exportCells(data, "export").cells;
}

/** Of `export` to anything else. */
export function parseExportFile(data: unknown): ExportFile {
  return exportFile(data, "export");
}

/** Of `claim`: whether this page is the one to act. */
export function parseClaim(data: unknown): boolean {
  return claim(data, "claim").granted;
}

// ---------------------------------------------------------------------------- browser → kernel

/** Parts of the front-end that come only when they are needed. */
export type AssetName = "math" | "code" | "tree" | "panels";

export type ExportFormat = "cells" | "ipynb" | "md" | "json" | "html" | "py" | "curl";

/** How cells show a conversation: to be read, or to be run in one of two ways. */
export type ExportStyle = "transcript" | "code" | "openai";

/** What an export takes in; all but `branches` and `code_cells` unless it is told otherwise. */
export interface ExportOptions {
  readonly system?: boolean;
  readonly params?: boolean;
  readonly answers?: boolean;
  /** All of the tree, not only the active path. */
  readonly branches?: boolean;
  /** Code blocks of answers become code cells, in a transcript. */
  readonly code_cells?: boolean;
}

export type CodeLanguage = "python" | "curl";

/** What the kernel can be asked; each is answered by one `done` or `refused` (or an asset). */
export type RequestBody =
  | { readonly type: "hello" | "snapshot" | "run" | "retry_now" | "models" }
  /** With a message, only if it is that one which is being written. */
  | { readonly type: "stop"; readonly message?: string }
  | { readonly type: "send"; readonly content: readonly Part[]; readonly role?: Role }
  | {
      readonly type: "add";
      readonly content: readonly Part[];
      readonly role: Role;
      readonly before?: string;
      readonly after?: string;
    }
  | {
      readonly type: "edit";
      readonly message: string;
      readonly content?: readonly Part[];
      readonly role?: Role;
      readonly rerun: boolean;
    }
  | { readonly type: "delete"; readonly messages: readonly string[]; readonly rerun?: boolean }
  | { readonly type: "undo"; readonly token?: string }
  | {
      readonly type: "regenerate" | "continue" | "reask" | "select" | "deny";
      readonly message: string;
    }
  | { readonly type: "allow"; readonly message: string; readonly always: boolean }
  /** Of the parameters those that it names; null unsets one. */
  | ({ readonly type: "set" } & Changes)
  | {
      readonly type: "connect";
      readonly name: string;
      readonly api_key?: string;
      readonly base_url?: string;
    }
  | { readonly type: "asset"; readonly name: AssetName }
  | { readonly type: "claim"; readonly action: string }
  | { readonly type: "new_thread" }
  /** A page of them; `after` is where the page before ended. */
  | { readonly type: "threads"; readonly search?: string; readonly after?: string }
  | {
      readonly type: "open_thread" | "duplicate_thread" | "delete_thread" | "restore_thread";
      readonly thread: string;
    }
  | { readonly type: "rename_thread"; readonly thread: string; readonly title: string }
  | { readonly type: "pin_thread"; readonly thread: string; readonly pinned: boolean }
  | ({
      readonly type: "export";
      readonly format: ExportFormat;
      /** Of cells and of a notebook. */
      readonly style?: ExportStyle;
    } & ExportOptions)
  | { readonly type: "import_threads"; readonly name: string; readonly text: string }
  /** Settings have these variables from then on. */
  | { readonly type: "variables"; readonly names: readonly string[] }
  | { readonly type: "set_variable"; readonly name: string; readonly value: string | null }
  /** What was sent for an answer; without one, what would be sent now. */
  | { readonly type: "code"; readonly language: CodeLanguage; readonly message: string | null }
  | { readonly type: "wire" | "logprobs"; readonly message: string }
  | { readonly type: "set_tool"; readonly name: string; readonly enabled: boolean }
  | ComparisonRequest;

export type Request = RequestBody & { readonly request: string };
