// From GraphQL's types to the JSON of the widget's wire, which `protocol.ts` then reads.
//
// Nothing is checked here: what makes no sense makes none afterwards either, and is found there.

import { dig } from "../dig.ts";

type Fields = Readonly<Record<string, unknown>>;

export const fields = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? (value as Fields) : {};

/** Of an optional object: absent where there is none. */
export const maybe = <T>(value: unknown, convert: (value: Fields) => T): T | undefined =>
  value === null || value === undefined ? undefined : convert(fields(value));

export const all = (values: unknown, convert: (value: Fields) => unknown): unknown =>
  Array.isArray(values) ? values.map((value) => convert(fields(value))) : values;

/** The name of an enum's value as the wire has it. */
export const lower = (value: unknown): unknown =>
  typeof value === "string" ? value.toLowerCase() : value;

/** Without what is null: the wire leaves out what there is none of. */
export function present(given: Fields): Fields {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== null && value !== undefined),
  );
}

// -------------------------------------------------------------------------------- messages

const PARTS: Readonly<Record<string, (part: Fields) => Fields>> = {
  TextPart: ({ text }) => ({ type: "text", text }),
  ReasoningPart: ({ text }) => ({ type: "reasoning", text }),
  RefusalPart: ({ text }) => ({ type: "refusal", text }),
  ImagePart: ({ mediaType, data, url, label, width, height, detail }) =>
    present({
      type: "image",
      media_type: mediaType,
      data,
      url,
      name: label,
      width,
      height,
      detail,
    }),
  TablePart: ({ text, columns, rows, shape, label }) =>
    present({ type: "table", text, columns, rows, shape, name: label }),
  ToolCallPart: ({ id, name, arguments: given }) => ({
    type: "tool_call",
    id,
    name,
    arguments: given,
  }),
};

const partOf = (part: Fields): unknown => PARTS[String(part.__typename)]?.(part) ?? part;

export const errorOf = ({ kind, title, detail, actions, facts }: Fields): Fields => ({
  ...present(fields(facts)),
  kind,
  title,
  detail,
  actions,
});

const retryOf = ({ attempt, attempts, wait, error }: Fields): Fields => ({
  attempt,
  attempts,
  wait,
  error: errorOf(fields(error)),
});

const consentOf = ({ wait }: Fields): Fields => ({ wait });

export const usageOf = (usage: Fields): Fields =>
  present({
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cached_tokens: usage.cachedTokens,
    reasoning_tokens: usage.reasoningTokens,
    cost: usage.cost,
  });

export const timingOf = ({ duration, firstToken, reasoning }: Fields): Fields =>
  present({ duration, first_token: firstToken, reasoning });

/** Status and figures: all that is new of an answer that has ended. */
const finalOf = (message: Fields): Fields =>
  present({
    status: lower(message.status),
    model: message.model,
    finish_reason: message.finishReason,
    usage: maybe(message.usage, usageOf),
    timing: maybe(message.timing, timingOf),
    error: maybe(message.error, errorOf),
    invalid: message.invalid,
    request_id: message.requestId,
    tokens: message.tokens,
    // The wire says it only where there are some.
    has_logprobs: message.hasLogprobs || null,
  });

export const messageOf = (message: Fields): Fields => ({
  id: message.id,
  parent: message.parent,
  role: lower(message.role),
  content: all(message.content, partOf),
  created: message.created,
  ...finalOf(message),
  ...present({
    connection: message.connection,
    params: message.params,
    prompt: message.prompt,
    tool_call_id: message.toolCallId,
    continued: message.continued,
    reasked: message.reasked,
    copy_of: message.copyOf,
    retry: maybe(message.retry, retryOf),
    consent: maybe(message.consent, consentOf),
    variables: Array.isArray(message.variables)
      ? Object.fromEntries(message.variables.map(({ name, digest }) => [name, digest]))
      : undefined,
  }),
});

// ---------------------------------------------------------------------- thread and settings

const threadOf = (thread: Fields): Fields => ({
  id: thread.id,
  title: thread.title,
  system: thread.system,
  prompts: all(thread.prompts, promptOf),
  model: thread.model,
  params: thread.params,
  created: thread.created,
  head: thread.head,
  messages: all(thread.messages, messageOf),
});

const promptOf = ({ text, created }: Fields): Fields => ({ text, created });

export const variableOf = ({ source, ...variable }: Fields): Fields => ({
  ...variable,
  source: lower(source),
});

const toolOf = ({
  name,
  signature,
  description,
  parameters,
  confirm,
  enabled,
}: Fields): Fields => ({
  name,
  signature,
  description,
  parameters,
  confirm,
  enabled,
});

const settingsOf = (settings: Fields): Fields => {
  const connection = fields(settings.connection);
  const usage = fields(settings.usage);
  return {
    connection: present({
      name: connection.name,
      label: connection.label,
      demo: connection.demo,
      status: lower(connection.status),
      key_tail: connection.keyTail,
      key_source: connection.keySource,
    }),
    connections: all(settings.connections, ({ name, label, demo }) => ({ name, label, demo })),
    offers: all(settings.offers, ({ name, label, url, models }) => ({ name, label, url, models })),
    models: all(settings.models, ({ id, context, inputPrice, outputPrice, note }) =>
      present({ id, context, input_price: inputPrice, output_price: outputPrice, note }),
    ),
    running: settings.running,
    queued: settings.queued,
    usage: {
      context: usage.context,
      window: usage.window,
      cost: usage.cost,
      input_tokens: usage.inputTokens,
      output_tokens: usage.outputTokens,
    },
    undo: settings.undo,
    ...(Array.isArray(settings.variables) && settings.variables.length > 0
      ? { variables: all(settings.variables, variableOf) }
      : {}),
    tools: all(settings.tools, toolOf),
    refused: settings.refused,
    ignored: settings.ignored,
    storage: maybe(settings.storage, ({ kind, error }) => ({ kind: lower(kind), error })),
  };
};

// ----------------------------------------------------------------------------------- events

const EVENTS: Readonly<Record<string, (event: Fields) => Fields>> = {
  MessagesAdded: ({ revision, messages, head }) => ({
    type: "added",
    revision,
    messages: all(messages, messageOf),
    head,
  }),
  AnswerStarted: ({ revision, message, head }) => ({
    type: "started",
    revision,
    message: messageOf(fields(message)),
    head,
  }),
  AnswerRetrying: ({ revision, messageId, retry }) => ({
    type: "retrying",
    revision,
    message: messageId,
    retry: maybe(retry, retryOf) ?? null,
  }),
  CallAsking: ({ revision, messageId, consent }) => ({
    type: "asking",
    revision,
    message: messageId,
    consent: maybe(consent, consentOf) ?? null,
  }),
  AnswerFinished: ({ revision, message, lengths, content }) => ({
    type: "finished",
    revision,
    message: dig(message, "id"),
    lengths,
    final: {
      ...finalOf(fields(message)),
      ...(Array.isArray(content) ? { content: all(content, partOf) } : {}),
    },
  }),
  BranchSelected: ({ revision, head }) => ({ type: "selected", revision, head }),
  ThreadChanged: ({ revision, changes }) => {
    const { title, system, prompts, model, params } = fields(changes);
    return {
      type: "changed",
      revision,
      changes: present({ title, system, prompts: all(prompts, promptOf), model, params }),
    };
  },
  TextAdded: ({ messageId, part, offset, text, kind, tokens, callId, callName }) =>
    present({
      type: "text",
      message: messageId,
      part,
      offset,
      text,
      kind: lower(kind),
      tokens,
      id: callId,
      name: callName,
    }),
  SettingsChanged: ({ settings }) => ({ type: "settings", settings: settingsOf(fields(settings)) }),
};

/** An event of `threadEvents` that is one of the wire's; a type that is not known stays as it is. */
export function eventOf(event: unknown): Fields {
  const given = fields(event);
  return EVENTS[String(given.__typename)]?.(given) ?? given;
}

export function snapshotOf(event: unknown): Fields {
  const { revision, thread, settings } = fields(event);
  return {
    revision,
    thread: threadOf(fields(thread)),
    settings: settingsOf(fields(settings)),
  };
}

// ------------------------------------------------------------------------ results of requests

/** A page of the list of threads. */
export function threadPageOf(connection: unknown): Fields {
  const edges = dig(connection, "edges");
  const next = dig(connection, "pageInfo", "hasNextPage") === true;
  return {
    threads: all(edges, (edge) => rowOf(fields(edge.node))),
    after: next ? dig(connection, "pageInfo", "endCursor") : null,
  };
}

const rowOf = (row: Fields): Fields => ({
  id: row.id,
  title: row.title,
  created: row.created,
  updated: row.updated,
  pinned: row.pinned,
  messages: row.messageCount,
  branches: row.branchCount,
  running: row.running,
  ...(Array.isArray(row.snippet) && row.snippet.length > 0
    ? { snippet: all(row.snippet, ({ text, hit }) => ({ text, hit })) }
    : {}),
});

/** What an export has made: cells, or a file. */
export function exportOf({ file, cells }: Fields): Fields {
  if (file === null || file === undefined) {
    return { cells: all(cells, ({ type, source, metadata }) => ({ type, source, metadata })) };
  }
  const { name, mediaType, text } = fields(file);
  return { name, media_type: mediaType, text };
}

/** How an answer was asked for and what came, as the request `wire` says it. */
export function wireOf(wire: unknown): Fields {
  const { request, attempts, chunks, rebuilt, omitted, recorded } = fields(wire);
  const { url, method, body } = fields(request);
  return {
    request: { url, method, body },
    rebuilt,
    attempts: all(attempts, ({ at, wait, status, requestId, error }) => ({
      at,
      wait,
      status,
      request_id: requestId,
      error,
    })),
    chunks: all(chunks, ({ at, text }) => ({ at, text })),
    omitted,
    recorded,
  };
}
