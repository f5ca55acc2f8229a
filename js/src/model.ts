// What a conversation is made of, exactly as the wire carries it.
//
// A thread is a tree of immutable messages by parent id plus a head; the active path leads from
// the head back to the root. Nothing here knows a transport, a signal or the page.

export const ROLES = ["system", "developer", "user", "assistant", "tool"] as const;
export type Role = (typeof ROLES)[number];

export const STATUSES = ["streaming", "complete", "cancelled", "interrupted", "failed"] as const;
export type Status = (typeof STATUSES)[number];

export interface TextPart {
  readonly type: "text";
  readonly text: string;
}

/** What the model thought before it answered, as far as the service shows it. */
export interface ReasoningPart {
  readonly type: "reasoning";
  readonly text: string;
}

/** The model's words for why it does not answer. */
export interface RefusalPart {
  readonly type: "refusal";
  readonly text: string;
}

/** A picture: either `media_type` and `data` (base64), or `url`. */
export interface ImagePart {
  readonly type: "image";
  readonly media_type?: string;
  readonly data?: string;
  readonly url?: string;
  readonly name?: string;
  readonly width?: number;
  readonly height?: number;
  readonly detail?: string;
}

export type Cell = string | number | boolean | null;

/** A data frame: `text` is what the model reads, the rest a preview for people. */
export interface TablePart {
  readonly type: "table";
  readonly text: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Rows and columns of the whole frame. */
  readonly shape: readonly [number, number];
  readonly name?: string;
}

/** The model asks for a function to be called; `arguments` is JSON as the model wrote it. */
export interface ToolCallPart {
  readonly type: "tool_call";
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

export type Part = TextPart | ReasoningPart | RefusalPart | ImagePart | TablePart | ToolCallPart;

/** The words of a part, or a tool call's arguments; a picture has none. */
export function textOf(part: Part): string {
  if (part.type === "tool_call") return part.arguments;
  return part.type === "image" ? "" : part.text;
}

/** The parts that an answer grows in. */
export const GROWING = ["text", "reasoning", "refusal", "tool_call"] as const;
export type GrowingKind = (typeof GROWING)[number];

export const ERROR_ACTIONS = [
  "retry",
  "regenerate",
  "continue",
  "change_key",
  "use_demo",
  "leave_out",
  "use_model",
  "without",
  // The calls that an answer asks for are made.
  "go_on",
] as const;
export type ErrorAction = (typeof ERROR_ACTIONS)[number];

/** What went wrong in a run, with the figures that belong to its kind where they are known. */
export interface ErrorInfo {
  readonly kind: string;
  readonly title: string;
  readonly detail: string;
  /** What can be done, the best one first. */
  readonly actions: readonly ErrorAction[];
  /** Seconds. */
  readonly retry_after?: number;
  readonly status?: number;
  /** At most the last four characters. */
  readonly key_tail?: string;
  readonly key_source?: string;
  /** How many had come when the answer broke off. */
  readonly tokens?: number;
  readonly tokens_over?: number;
  readonly limit?: number;
  readonly breakdown?: readonly { readonly label: string; readonly tokens: number }[];
  readonly suggest_model?: string;
  /** How many of the oldest messages to leave out. */
  readonly leave_out?: number;
  /** The parameter that was refused. */
  readonly param?: string;
}

/** A run waits before it asks; `wait` is in seconds from when this was sent. */
export interface Retry {
  /** The coming one: the first is 1, and waits for a limit that was set. */
  readonly attempt: number;
  readonly attempts: number;
  readonly wait: number;
  readonly error: ErrorInfo;
}

/** A tool waits for a person's consent; `wait` is in seconds from when this was sent. */
export interface Consent {
  readonly wait: number;
}

export interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cached_tokens?: number;
  readonly reasoning_tokens?: number;
  /** US dollars. */
  readonly cost?: number;
}

/** Seconds from the sending of the request; `reasoning` is the time spent thinking. */
export interface Timing {
  readonly duration: number;
  readonly first_token?: number;
  readonly reasoning?: number;
}

export type Params = Readonly<Record<string, unknown>>;

export interface Message {
  readonly id: string;
  readonly parent: string | null;
  readonly role: Role;
  readonly content: readonly Part[];
  readonly status: Status;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly model?: string;
  readonly connection?: string;
  readonly params?: Params;
  /** Which version of the system prompt it was asked with, counted from 1. */
  readonly prompt?: number;
  readonly finish_reason?: string;
  readonly usage?: Usage;
  readonly timing?: Timing;
  readonly error?: ErrorInfo;
  /** Why an answer that came whole does not fit the format it was asked for in. */
  readonly invalid?: string;
  readonly request_id?: string;
  /** Whether the probabilities of its tokens can be asked for. */
  readonly has_logprobs?: boolean;
  readonly tool_call_id?: string;
  /** The answer that this one goes on from. */
  readonly continued?: string;
  /** The answer that did not fit its format, and that this one was asked for in place of. */
  readonly reasked?: string;
  /** The message whose content this shares on another path. */
  readonly copy_of?: string;
  /** While it waits to ask again. */
  readonly retry?: Retry;
  /** While its tool waits to be allowed. */
  readonly consent?: Consent;
  /** How many tokens have come, about: while it streams, and where nobody counted in the end. */
  readonly tokens?: number;
  /** What was filled in when it was asked for: a digest by the name of each variable. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** What `{{name}}` stands for at one moment. */
export interface Variable {
  readonly name: string;
  /** Whose it is; `null` while it is not set. */
  readonly source: "playground" | "kernel" | null;
  /** The class of its value. */
  readonly kind: string;
  /** The beginning of its value. */
  readonly text: string;
  /** Code points of all of it. */
  readonly length: number;
  readonly tokens: number;
  readonly digest: string;
  /** Why it cannot be text. */
  readonly error: string | null;
}

/** A version of the system prompt that an answer was asked with. */
export interface Prompt {
  readonly text: string;
  /** Seconds since the epoch. */
  readonly created: number;
}

export interface Thread {
  readonly id: string;
  readonly title: string;
  /** The system prompt of the next answer. */
  readonly system: string;
  /** The versions of it that answers have used, oldest first. */
  readonly prompts: readonly Prompt[];
  readonly model: string;
  readonly params: Params;
  /** Seconds since the epoch. */
  readonly created: number;
  /** The last message of the active path. */
  readonly head: string | null;
  /** The whole tree, in the order they came; a parent stands before its children. */
  readonly messages: readonly Message[];
}

export interface Connection {
  readonly name: string;
  readonly label: string;
  readonly demo: boolean;
  readonly status: "offline" | "ready" | "refused" | "unreachable";
  readonly key_tail?: string;
  readonly key_source?: string;
}

/** A connection that can be chosen. */
export interface ConnectionChoice {
  readonly name: string;
  readonly label: string;
  readonly demo: boolean;
  readonly note?: string;
}

/** A server found on this machine, not used until it is chosen. */
export interface ConnectionOffer {
  readonly name: string;
  readonly label: string;
  readonly url: string;
  readonly models: number;
}

export interface ModelInfo {
  readonly id: string;
  /** Tokens that it can read. */
  readonly context?: number;
  /** US dollars per million tokens. */
  readonly input_price?: number;
  readonly output_price?: number;
  readonly note?: string;
}

/** A function that the model can call. */
export interface ToolInfo {
  readonly name: string;
  /** Such as `describe(frame, by)`. */
  readonly signature: string;
  readonly description: string;
  /** JSON schema. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Whether it asks before each call. */
  readonly confirm: boolean;
  readonly enabled: boolean;
}

/** What the thread has used so far. */
export interface UsageTotals {
  /** Tokens of the last request and its answer. */
  readonly context: number | null;
  readonly window: number | null;
  /** US dollars. */
  readonly cost: number | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
}

export interface Settings {
  readonly connection: Connection;
  readonly connections: readonly ConnectionChoice[];
  readonly offers: readonly ConnectionOffer[];
  readonly models: readonly ModelInfo[];
  /** The message that is being written. */
  readonly running: string | null;
  readonly queued: number;
  readonly usage: UsageTotals;
  /** What the next undo takes back. */
  readonly undo: string | null;
  // The rest is missing where an older widget saved its state with a notebook.
  /** Another value each time the list of threads may have changed. */
  readonly threads?: number;
  readonly storage?: Storage;
  /** What the active path uses, and what drafts have asked about. */
  readonly variables?: readonly Variable[];
  readonly tools?: readonly ToolInfo[];
  /** Parameters that the present model has refused. */
  readonly refused?: readonly string[];
  /** Parameters that are set and that the API in use has no field for. */
  readonly ignored?: readonly string[];
  /** The transcript that is saved beside the widget, by its `data-pgw-transcript`. */
  readonly transcript?: string | null;
  /** The id of the comparison that is shown, if one is. */
  readonly comparison?: string;
}

/** Where threads are kept: in a file or a database, or until the peer stops. */
export interface Storage {
  readonly kind: "file" | "memory" | "database";
  /** What is wrong with it, in one sentence. */
  readonly error: string | null;
}

/** A thread in the list of all threads. */
export interface ThreadRow {
  readonly id: string;
  readonly title: string;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly updated: number;
  readonly pinned: boolean;
  readonly messages: number;
  /** How many ends its tree has. */
  readonly branches: number;
  /** Whether an answer is being written in it. */
  readonly running: boolean;
  /** Where a search found its words, in pieces. */
  readonly snippet?: readonly { readonly text: string; readonly hit: boolean }[];
}

/** A cell of a notebook, as an export makes it. */
export interface ExportCell {
  readonly type: "code" | "markdown";
  readonly source: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A file that an export makes. */
export interface ExportFile {
  readonly name: string;
  readonly media_type: string;
  readonly text: string;
}
