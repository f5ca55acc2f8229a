// What messages, threads and settings look like on the wire, as checks.

import {
  type Cell,
  type Consent,
  ERROR_ACTIONS,
  type ErrorAction,
  type ErrorInfo,
  type ExportCell,
  GROWING,
  type ImagePart,
  type Message,
  type Params,
  type Part,
  type Retry,
  ROLES,
  type Settings,
  STATUSES,
  type Thread,
  type ThreadRow,
  type ToolInfo,
  type Variable,
} from "../model.ts";
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

const cell: Check<Cell> = (value, at) => {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  return number(value, at);
};

/** An object with `type`, so that the checked value has it too. */
export const typed = <T extends string>(type: T) => ({ type: oneOf([type]) });

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

export const part: Check<Part> = variants({
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

export const errorInfo: Check<ErrorInfo> = object(
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
    param: string,
  },
);

export const retry: Check<Retry> = object({
  attempt: count,
  attempts: count,
  wait: number,
  error: errorInfo,
});

export const consent: Check<Consent> = object({ wait: number });

export const params: Check<Params> = record;

export const usage = object(
  { input_tokens: count, output_tokens: count },
  { cached_tokens: count, reasoning_tokens: count, cost: number },
);

export const timing = object({ duration: number }, { first_token: number, reasoning: number });

export const figures = {
  model: string,
  finish_reason: string,
  usage,
  timing,
  error: errorInfo,
  invalid: string,
  request_id: string,
  tokens: count,
  has_logprobs: boolean,
};

const texts: Check<Readonly<Record<string, string>>> = (value, at) =>
  Object.fromEntries(
    Object.entries(record(value, at)).map(([name, text]) => [name, string(text, `${at}.${name}`)]),
  );

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
    prompt: count,
    tool_call_id: string,
    continued: string,
    reasked: string,
    copy_of: string,
    retry,
    consent,
    variables: texts,
  },
);

const growing: ReadonlySet<string> = new Set(GROWING);

export const message: Check<Message> = (value, at) => {
  const found = anyMessage(value, at);
  if (found.status === "streaming" && !found.content.every(({ type }) => growing.has(type))) {
    throw new ProtocolError(`${at} streams something other than text`);
  }
  return found;
};

export const prompts = list(object({ text: string, created: number }));

const anyThread: Check<Thread> = object({
  id: string,
  title: string,
  system: string,
  prompts,
  model: string,
  params,
  created: number,
  head: nullable(string),
  messages: list(message),
});

export const thread: Check<Thread> = (value, at) => {
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

const variable: Check<Variable> = object({
  name: string,
  source: nullable(oneOf(["playground", "kernel"])),
  kind: string,
  text: string,
  length: count,
  tokens: count,
  digest: string,
  error: nullable(string),
});

const tool: Check<ToolInfo> = object({
  name: string,
  signature: string,
  description: string,
  parameters: record,
  confirm: boolean,
  enabled: boolean,
});

const anySettings = object(
  {
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
  },
  {
    threads: count,
    variables: list(variable),
    storage: object({ kind: oneOf(["file", "memory", "database"]), error: nullable(string) }),
    tools: list(tool),
    refused: list(string),
    ignored: list(string),
    comparison: string,
  },
);

export const settings: Check<Settings> = (value, at) => {
  const { transcript } = record(value, at);
  const found = anySettings(value, at);
  return transcript === undefined
    ? found
    : { ...found, transcript: nullable(string)(transcript, `${at}.transcript`) };
};

export const threadRow: Check<ThreadRow> = object(
  {
    id: string,
    title: string,
    created: number,
    updated: number,
    pinned: boolean,
    messages: count,
    branches: count,
    running: boolean,
  },
  { snippet: list(object({ text: string, hit: boolean })) },
);

export const exportCell: Check<ExportCell> = object({
  type: oneOf(["code", "markdown"]),
  source: string,
  metadata: record,
});
