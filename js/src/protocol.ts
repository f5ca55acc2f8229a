// The widget's wire: what the kernel sends, checked, and what it is asked.
//
// Everything that arrives is of unknown type until it has passed through here.

import {
  boolean,
  type Check,
  count,
  list,
  nullable,
  number,
  object,
  oneOf,
  ProtocolError,
  record,
  string,
  variants,
} from "./check.ts";
import {
  type Cell,
  ERROR_ACTIONS,
  type ErrorAction,
  type ErrorInfo,
  GROWING,
  type GrowingKind,
  type ImagePart,
  type Message,
  type Params,
  type Part,
  type Retry,
  ROLES,
  type Role,
  type Settings,
  STATUSES,
  type Status,
  type Thread,
  wellFormed,
} from "./model.ts";

export { ProtocolError } from "./check.ts";

// ---------------------------------------------------------------------------- kernel → browser

/** Everything at one moment; a streaming message carries its text so far. */
export interface Snapshot {
  readonly revision: number;
  readonly thread: Thread;
  readonly settings: Settings;
}

/** What is known of an answer once it has ended. */
export type Final = { readonly status: (typeof ENDS)[number] } & Partial<
  Pick<Message, "finish_reason" | "usage" | "timing" | "error" | "model" | "request_id">
>;

const ENDS = ["complete", "cancelled", "interrupted", "failed"] as const satisfies Status[];

/** Fields of the thread that a request or an event changes. */
export type Changes = Partial<Pick<Thread, "title" | "system" | "model" | "params">>;

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

export type Event =
  | Structural
  | Delta
  | { readonly type: "settings"; readonly settings: Settings }
  | Answer;

/** A file that is too large for every widget to carry; its bytes come beside this. */
export interface Asset {
  readonly type: "asset";
  readonly request: string;
  readonly name: string;
}

const cell: Check<Cell> = (value, at) => {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  return number(value, at);
};

/** An object with `type`, so that the checked value has it too. */
const typed = <T extends string>(type: T) => ({ type: oneOf([type]) });

const image: Check<ImagePart> = object(typed("image"), {
  media_type: string,
  data: string,
  url: string,
  name: string,
  width: number,
  height: number,
  detail: string,
});

const shape: Check<readonly [number, number]> = (value, at) => {
  const [rows, columns, ...more] = list(count, 2)(value, at);
  if (rows === undefined || columns === undefined || more.length > 0) {
    throw new ProtocolError(`${at} is not a number of rows and columns`);
  }
  return [rows, columns];
};

const part: Check<Part> = variants({
  text: object({ ...typed("text"), text: string }),
  reasoning: object({ ...typed("reasoning"), text: string }),
  refusal: object({ ...typed("refusal"), text: string }),
  image,
  table: object(
    {
      ...typed("table"),
      text: string,
      columns: list(string),
      rows: list(list(cell)),
      shape,
    },
    { name: string },
  ),
  tool_call: object({ ...typed("tool_call"), id: string, name: string, arguments: string }),
});

/** Actions that this page does not know are left out: it has no button for them. */
const actions: Check<readonly ErrorAction[]> = (value, at) => {
  const known: readonly string[] = ERROR_ACTIONS;
  return list(string)(value, at).filter((action): action is ErrorAction => known.includes(action));
};

const errorInfo: Check<ErrorInfo> = object(
  { kind: string, title: string, detail: string, actions },
  {
    retry_after: number,
    status: number,
    key_tail: string,
    key_source: string,
    tokens: count,
    tokens_over: number,
    limit: number,
    breakdown: list(object({ label: string, tokens: number })),
    suggest_model: string,
    leave_out: count,
  },
);

const retry: Check<Retry> = object({
  attempt: count,
  attempts: count,
  wait: number,
  error: errorInfo,
});

const params: Check<Params> = record;

const usage = object(
  { input_tokens: count, output_tokens: count },
  { cached_tokens: count, reasoning_tokens: count, cost: number },
);

const timing = object({ duration: number }, { first_token: number, reasoning: number });

const figures = {
  model: string,
  finish_reason: string,
  usage,
  timing,
  error: errorInfo,
  request_id: string,
};

const anyMessage: Check<Message> = object(
  {
    id: string,
    parent: nullable(string),
    role: oneOf(ROLES),
    content: list(part),
    status: oneOf(STATUSES),
    created: number,
  },
  {
    ...figures,
    connection: string,
    params,
    tool_call_id: string,
    continued: string,
    copy_of: string,
    retry,
    tokens: count,
  },
);

const growing: ReadonlySet<string> = new Set(GROWING);

const message: Check<Message> = (value, at) => {
  const found = anyMessage(value, at);
  if (found.status === "streaming" && !found.content.every(({ type }) => growing.has(type))) {
    throw new ProtocolError(`${at} streams something other than text`);
  }
  return found;
};

const anyThread: Check<Thread> = object({
  id: string,
  title: string,
  system: string,
  model: string,
  params,
  created: number,
  head: nullable(string),
  messages: list(message),
});

const thread: Check<Thread> = (value, at) => {
  const found = anyThread(value, at);
  const seen = new Set<string | null>([null]);
  for (const { id, parent } of found.messages) {
    if (seen.has(id) || !seen.has(parent)) {
      throw new ProtocolError(`${at} is no tree: message ${id} is twice there or has no parent`);
    }
    seen.add(id);
  }
  if (!seen.has(found.head)) throw new ProtocolError(`${at}.head is not in the thread`);
  return found;
};

const settings: Check<Settings> = object({
  connection: object(
    {
      name: string,
      label: string,
      demo: boolean,
      status: oneOf(["offline", "ready", "refused", "unreachable"]),
    },
    { key_tail: string, key_source: string },
  ),
  connections: list(object({ name: string, label: string, demo: boolean }, { note: string })),
  offers: list(object({ name: string, label: string, url: string, models: count })),
  models: list(
    object(
      { id: string },
      { context: number, input_price: number, output_price: number, note: string },
    ),
  ),
  running: nullable(string),
  queued: count,
  usage: object({
    context: nullable(count),
    window: nullable(count),
    cost: nullable(number),
    input_tokens: count,
    output_tokens: count,
  }),
  undo: nullable(string),
});

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
  finished: object({
    ...typed("finished"),
    revision: count,
    message: string,
    lengths: list(count),
    final: object({ status: oneOf(ENDS) }, figures),
  }),
  selected: object({ ...typed("selected"), revision: count, head: nullable(string) }),
  changed: object({
    ...typed("changed"),
    revision: count,
    changes: object({}, { title: string, system: string, model: string, params }),
  }),
  text: delta,
  settings: object({ ...typed("settings"), settings }),
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

const asset: Check<Asset> = object({ ...typed("asset"), request: string, name: string });

/** Reads a custom message that came with bytes. */
export function parseAsset(data: unknown): Asset {
  return asset(data, "message");
}

// ---------------------------------------------------------------------------- browser → kernel

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
  | { readonly type: "regenerate" | "continue" | "select"; readonly message: string }
  | ({ readonly type: "set" } & Changes)
  | {
      readonly type: "connect";
      readonly name: string;
      readonly api_key?: string;
      readonly base_url?: string;
    }
  | { readonly type: "asset"; readonly name: "math" }
  | { readonly type: "claim"; readonly action: string };

export type Request = RequestBody & { readonly request: string };
