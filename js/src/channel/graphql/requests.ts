// What each request of the page is as a mutation, and what its payload says.

import type { Part, Thread } from "../../model.ts";
import type { RequestBody } from "../../protocol.ts";
import { exportOf } from "./convert.ts";
import type { MutationName } from "./documents.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface Mutation {
  readonly name: MutationName;
  readonly input: Fields;
  /** The result for whoever asked, from the payload. */
  readonly result: (payload: Fields) => Fields;
}

const nothing = (): Fields => ({});
const only =
  (...names: readonly string[]) =>
  (payload: Fields): Fields =>
    Object.fromEntries(names.map((name) => [name, payload[name]]));

/** The mutation for a request about the open thread, or undefined where none is. */
export function mutationFor(body: RequestBody, threadId: string): Mutation | undefined {
  switch (body.type) {
    case "send": {
      const { content, role = "user" } = body;
      const input = { threadId, role: upper(role), content: content.map(partInput) };
      return { name: "send", input, result: nothing };
    }
    case "add": {
      const { content, role, before, after } = body;
      const place = present({ before, after });
      const input = { threadId, role: upper(role), content: content.map(partInput), ...place };
      return { name: "addMessage", input, result: only("undo") };
    }
    case "run":
      return { name: "runThread", input: { threadId }, result: nothing };
    case "edit": {
      const { message, content, role, rerun } = body;
      const changed = present({ content: content?.map(partInput), role: role && upper(role) });
      const input = { threadId, messageId: message, rerun, ...changed };
      return { name: "editMessage", input, result: rerun ? nothing : only("undo") };
    }
    case "delete": {
      const { messages, rerun = false } = body;
      const input = { threadId, messageIds: messages, rerun };
      return { name: "deleteMessages", input, result: rerun ? nothing : only("undo") };
    }
    case "undo": {
      const input = { threadId, ...present({ token: body.token }) };
      return { name: "undo", input, result: only("undone") };
    }
    case "regenerate": {
      const input = { threadId, messageId: body.message };
      return { name: "regenerateAnswer", input, result: nothing };
    }
    case "continue": {
      const input = { threadId, messageId: body.message };
      return { name: "continueAnswer", input, result: nothing };
    }
    case "reask": {
      const input = { threadId, messageId: body.message };
      return { name: "reaskAnswer", input, result: nothing };
    }
    case "allow": {
      const input = { threadId, messageId: body.message, always: body.always };
      return { name: "allowCall", input, result: nothing };
    }
    case "deny": {
      const input = { threadId, messageId: body.message };
      return { name: "denyCall", input, result: nothing };
    }
    case "select": {
      const input = { threadId, messageId: body.message };
      return { name: "selectBranch", input, result: nothing };
    }
    case "stop": {
      const input = { threadId, ...present({ messageId: body.message }) };
      return { name: "stop", input, result: only("stopped") };
    }
    case "retry_now":
      return { name: "retryNow", input: { threadId }, result: only("hurried") };
    case "set": {
      const { title, system, model, params } = body;
      const input = { threadId, ...present({ title, system, model, params }) };
      return { name: "updateThread", input, result: only("undo") };
    }
    case "connect": {
      const { name, api_key: apiKey, base_url: baseUrl } = body;
      const input = { threadId, name, ...present({ apiKey, baseUrl }) };
      return { name: "useConnection", input, result: nothing };
    }
    case "set_variable": {
      const { name, value } = body;
      return { name: "setVariable", input: { threadId, name, value }, result: nothing };
    }
    case "models":
      return { name: "refreshModels", input: { threadId }, result: nothing };
    case "rename_thread": {
      const input = { threadId: body.thread, title: body.title };
      return { name: "renameThread", input, result: nothing };
    }
    case "pin_thread": {
      const input = { threadId: body.thread, pinned: body.pinned };
      return { name: "pinThread", input, result: nothing };
    }
    case "duplicate_thread": {
      const result = ({ threadId: thread }: Fields) => ({ thread });
      return { name: "duplicateThread", input: { threadId: body.thread }, result };
    }
    case "delete_thread":
      return { name: "deleteThread", input: { threadId: body.thread }, result: nothing };
    case "restore_thread":
      return { name: "restoreThread", input: { threadId: body.thread }, result: nothing };
    case "import_threads": {
      const { name, text } = body;
      const result = ({ threadIds: threads }: Fields) => ({ threads });
      return { name: "importThreads", input: { name, text }, result };
    }
    case "export": {
      const { format, style, system, params, answers, branches, code_cells: codeCells } = body;
      const options = {
        style: style && upper(style),
        system,
        params,
        answers,
        branches,
        codeCells,
      };
      const input = { threadId, format: upper(format), ...present(options) };
      return { name: "exportThread", input, result: exportOf };
    }
    case "compare": {
      const { type: _, max_cost: maxCost, max_concurrency: maxConcurrency, ...given } = body;
      const input = { threadId, ...present({ ...given, maxCost, maxConcurrency }) };
      const result = ({ comparisonId: comparison }: Fields) => ({ comparison });
      return { name: "startComparison", input, result };
    }
    case "steer": {
      const { comparison: comparisonId, action, max_cost: maxCost } = body;
      const input = { comparisonId, action: upper(action), ...present({ maxCost }) };
      return { name: "steerComparison", input, result: nothing };
    }
    case "pick": {
      const { comparison: comparisonId, row, variant, sample = 0 } = body;
      const input = { comparisonId, row, variant, sample };
      return { name: "pickAnswer", input, result: nothing };
    }
    case "use_answer": {
      const { comparison: comparisonId, row, variant, sample } = body;
      const input = { threadId, comparisonId, row, variant, sample };
      const result = ({ messageId: message }: Fields) => ({ message });
      return { name: "useAnswer", input, result };
    }
    case "rename_comparison": {
      const input = { comparisonId: body.comparison, name: body.name };
      return { name: "renameComparison", input, result: nothing };
    }
    case "delete_comparison": {
      const input = { comparisonId: body.comparison };
      return { name: "deleteComparison", input, result: nothing };
    }
    case "export_comparison": {
      const input = { comparisonId: body.comparison, format: upper(body.format) };
      return { name: "exportComparison", input, result: exportOf };
    }
    case "set_tool": {
      const input = { threadId, name: body.name, enabled: body.enabled };
      return { name: "setTool", input, result: nothing };
    }
    default:
      return undefined;
  }
}

/** A new thread, with the settings of another if there is one. */
export function newThread(open: Thread | undefined): Mutation {
  const { system, model, params } = open ?? {};
  return {
    name: "createThread",
    input: present({ system: system || undefined, model: model || undefined, params }),
    result: ({ thread }) => ({ thread: (thread as Fields | null)?.id }),
  };
}

const upper = (name: string): string => name.toUpperCase();

function present(given: Fields): Fields {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function partInput(part: Part): Fields {
  switch (part.type) {
    case "text":
    case "reasoning":
    case "refusal":
      return { [part.type]: part.text };
    case "image": {
      const { media_type: mediaType, name: label, data, url, width, height, detail } = part;
      return { image: present({ mediaType, data, url, label, width, height, detail }) };
    }
    case "table": {
      const { text, columns, rows, shape, name: label } = part;
      return { table: present({ text, columns, rows, shape, label }) };
    }
    case "tool_call": {
      const { id, name, arguments: given } = part;
      return { toolCall: { id, name, arguments: given } };
    }
  }
}

/** What is asked about the list of threads, or about comparisons, rather than the open thread. */
export const LISTED: ReadonlySet<RequestBody["type"]> = new Set([
  "rename_thread",
  "pin_thread",
  "duplicate_thread",
  "delete_thread",
  "restore_thread",
  "import_threads",
  "steer",
  "pick",
  "rename_comparison",
  "delete_comparison",
  "export_comparison",
]);
