// The widget's wire as GraphQL answers: what a server sends for a snapshot or an event.
//
// All fields of a type are there, null where there is nothing, as they are when all are asked for.

export type Fields = Readonly<Record<string, unknown>>;

export const upper = (value: unknown) => String(value).toUpperCase();
export const fields = (value: unknown): Fields => (value ?? {}) as Fields;
export const list = (values: unknown) => (values ?? []) as readonly Fields[];
export const or = (value: unknown) => value ?? null;
export const maybe = (value: unknown, form: (value: Fields) => Fields) =>
  value === undefined || value === null ? null : form(fields(value));

const partForm = (part: Fields): Fields => {
  switch (part.type) {
    case "image":
      return {
        __typename: "ImagePart",
        mediaType: or(part.media_type),
        data: or(part.data),
        url: or(part.url),
        label: or(part.name),
        width: or(part.width),
        height: or(part.height),
        detail: or(part.detail),
      };
    case "table": {
      const { text, columns, rows, shape, name } = part;
      return { __typename: "TablePart", text, columns, rows, shape, label: or(name) };
    }
    case "tool_call": {
      const { id, name, arguments: given } = part;
      return { __typename: "ToolCallPart", id, name, arguments: given };
    }
    default: {
      const name = String(part.type);
      return { __typename: `${upper(name[0])}${name.slice(1)}Part`, text: part.text };
    }
  }
};

export const errorForm = ({ kind, title, detail, actions, ...facts }: Fields): Fields => ({
  kind,
  title,
  detail,
  actions,
  facts,
});

const retryForm = (retry: Fields): Fields => ({ ...retry, error: errorForm(fields(retry.error)) });

export const usageForm = (usage: Fields): Fields => ({
  inputTokens: usage.input_tokens,
  outputTokens: usage.output_tokens,
  cachedTokens: or(usage.cached_tokens),
  reasoningTokens: or(usage.reasoning_tokens),
  cost: or(usage.cost),
});

export const timingForm = (timing: Fields): Fields => ({
  duration: timing.duration,
  firstToken: or(timing.first_token),
  reasoning: or(timing.reasoning),
});

const figuresForm = (given: Fields): Fields => ({
  status: upper(given.status),
  model: or(given.model),
  finishReason: or(given.finish_reason),
  requestId: or(given.request_id),
  tokens: or(given.tokens),
  hasLogprobs: given.has_logprobs === true,
  usage: maybe(given.usage, usageForm),
  timing: maybe(given.timing, timingForm),
  error: maybe(given.error, errorForm),
  invalid: or(given.invalid),
});

export const messageForm = (message: Fields): Fields => ({
  id: message.id,
  parent: message.parent,
  role: upper(message.role),
  created: message.created,
  content: list(message.content).map(partForm),
  connection: or(message.connection),
  params: or(message.params),
  prompt: or(message.prompt),
  toolCallId: or(message.tool_call_id),
  continued: or(message.continued),
  reasked: or(message.reasked),
  copyOf: or(message.copy_of),
  retry: maybe(message.retry, retryForm),
  consent: or(message.consent),
  variables: message.variables
    ? Object.entries(fields(message.variables)).map(([name, digest]) => ({ name, digest }))
    : null,
  ...figuresForm(message),
});

export const variableForm = ({ source, ...variable }: Fields): Fields => ({
  ...variable,
  source: source === null ? null : upper(source),
});

export const settingsForm = (settings: Fields): Fields => {
  const connection = fields(settings.connection);
  const usage = fields(settings.usage);
  const storage = fields(settings.storage ?? { kind: "file", error: null });
  return {
    connection: {
      ...connection,
      status: upper(connection.status),
      keyTail: or(connection.key_tail),
      keySource: or(connection.key_source),
    },
    connections: list(settings.connections).map(({ name, label, demo }) => ({ name, label, demo })),
    offers: settings.offers,
    models: list(settings.models).map((model) => ({
      id: model.id,
      context: or(model.context),
      inputPrice: or(model.input_price),
      outputPrice: or(model.output_price),
      note: or(model.note),
    })),
    running: settings.running,
    queued: settings.queued,
    undo: settings.undo,
    variables: list(settings.variables).map(variableForm),
    usage: {
      context: usage.context,
      window: usage.window,
      cost: usage.cost,
      inputTokens: usage.input_tokens,
      outputTokens: usage.output_tokens,
    },
    storage: { kind: upper(storage.kind), error: storage.error },
    tools: or(settings.tools),
    refused: or(settings.refused),
    ignored: or(settings.ignored),
  };
};

export function snapshotForm(snapshot: unknown): Fields {
  const { revision, thread, settings } = fields(snapshot);
  return {
    __typename: "ThreadSnapshot",
    revision,
    thread: { ...fields(thread), messages: list(fields(thread).messages).map(messageForm) },
    settings: settingsForm(fields(settings)),
  };
}

/** An event; one that is no event of a thread is none here either. */
export function eventForm(wire: unknown): Fields | undefined {
  const event = fields(wire);
  const { revision, head } = event;
  switch (event.type) {
    case "added": {
      const messages = list(event.messages).map(messageForm);
      return { __typename: "MessagesAdded", revision, head, messages };
    }
    case "started": {
      const message = messageForm(fields(event.message));
      return { __typename: "AnswerStarted", revision, head, message };
    }
    case "asking": {
      const { revision, message, consent } = event;
      return { __typename: "CallAsking", revision, messageId: message, consent };
    }
    case "retrying": {
      const retry = maybe(event.retry, retryForm);
      return { __typename: "AnswerRetrying", revision, messageId: event.message, retry };
    }
    case "finished": {
      const message = { id: event.message, ...figuresForm(fields(event.final)) };
      const { content } = fields(event.final);
      return {
        __typename: "AnswerFinished",
        revision,
        lengths: event.lengths,
        content: Array.isArray(content) ? content.map(partForm) : null,
        message,
      };
    }
    case "selected":
      return { __typename: "BranchSelected", revision, head };
    case "changed": {
      const { title, system, prompts, model, params } = fields(event.changes);
      const changes = {
        title: or(title),
        system: or(system),
        prompts: or(prompts),
        model: or(model),
        params: or(params),
      };
      return { __typename: "ThreadChanged", revision, changes };
    }
    case "text":
      return {
        __typename: "TextAdded",
        messageId: event.message,
        part: event.part,
        offset: event.offset,
        text: event.text,
        kind: upper(event.kind),
        tokens: event.tokens ?? 0,
        callId: or(event.id),
        callName: or(event.name),
      };
    case "settings":
      return { __typename: "SettingsChanged", settings: settingsForm(fields(event.settings)) };
    default:
      return undefined;
  }
}

/** What the query `wire` gives. */
export function wireForm({ attempts, ...wire }: Fields): Fields {
  const form = ({ request_id: requestId, ...attempt }: Fields) => ({ ...attempt, requestId });
  return { ...wire, attempts: list(attempts).map(form) };
}
