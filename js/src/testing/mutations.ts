// Mutations as requests of the widget's wire, for a server that is a kernel behind.

import type { CompareRequest, SteerAction } from "../comparison/model.ts";
import type { Part, Role } from "../model.ts";
import type { ExportFormat, ExportStyle, RequestBody } from "../protocol.ts";

type Fields = Record<string, unknown>;

interface Asked {
  readonly body: RequestBody;
  /** What the payload says, from the kernel's result. */
  readonly payload: (result: Fields) => Fields;
}

const same = (result: Fields) => result;
const lower = (value: unknown) => String(value).toLowerCase();

export function requestOf(name: string, input: Fields): Asked {
  const message = String(input.messageId);
  const thread = String(input.threadId);
  const comparison = String(input.comparisonId);
  const asked = (body: RequestBody, payload = same): Asked => ({ body, payload });
  switch (name) {
    case "createThread":
      return asked({ type: "new_thread" }, (result) => ({ thread: { id: result.thread } }));
    case "importThreads": {
      const { name: file, text } = input as { name: string; text: string };
      const body = { type: "import_threads", name: file, text } as const;
      return asked(body, ({ threads }) => ({ threadIds: threads }));
    }
    case "renameThread":
      return asked({ type: "rename_thread", thread, title: String(input.title) });
    case "pinThread":
      return asked({ type: "pin_thread", thread, pinned: input.pinned === true });
    case "duplicateThread":
      return asked({ type: "duplicate_thread", thread }, (r) => ({ threadId: r.thread }));
    case "deleteThread":
      return asked({ type: "delete_thread", thread });
    case "restoreThread":
      return asked({ type: "restore_thread", thread });
    case "updateThread": {
      const { title, system, model, params } = input as Record<string, string>;
      const given = Object.entries({ title, system, model, params });
      const changes = Object.fromEntries(given.filter(([, value]) => value !== undefined));
      return asked({ type: "set", ...changes });
    }
    case "addMessage": {
      const place = Object.entries({ before: input.before, after: input.after });
      return asked({
        type: "add",
        content: parts(input.content),
        role: lower(input.role) as Role,
        ...Object.fromEntries(place.filter(([, id]) => id !== undefined)),
      });
    }
    case "editMessage":
      return asked({
        type: "edit",
        message,
        rerun: input.rerun === true,
        ...(input.content ? { content: parts(input.content) } : {}),
        ...(input.role ? { role: lower(input.role) as Role } : {}),
      });
    case "deleteMessages": {
      const messages = input.messageIds as string[];
      return asked({ type: "delete", messages, rerun: input.rerun === true });
    }
    case "selectBranch":
      return asked({ type: "select", message });
    case "undo":
      return asked({ type: "undo", ...(input.token ? { token: String(input.token) } : {}) });
    case "send": {
      const content = parts(input.content);
      return asked({ type: "send", content, role: lower(input.role) as Role });
    }
    case "runThread":
      return asked({ type: "run" });
    case "regenerateAnswer":
      return asked({ type: "regenerate", message });
    case "continueAnswer":
      return asked({ type: "continue", message });
    case "reaskAnswer":
      return asked({ type: "reask", message });
    case "allowCall":
      return asked({ type: "allow", message, always: input.always === true });
    case "denyCall":
      return asked({ type: "deny", message });
    case "stop":
      return asked({ type: "stop" }, () => ({ stopped: true }));
    case "retryNow":
      return asked({ type: "retry_now" }, () => ({ hurried: true }));
    case "useConnection":
      return asked({ type: "connect", name: String(input.name) });
    case "setVariable": {
      const value = typeof input.value === "string" ? input.value : null;
      return asked({ type: "set_variable", name: String(input.name), value });
    }
    case "refreshModels":
      return asked({ type: "models" });
    case "setTool": {
      const { name: tool, enabled } = input as { name: string; enabled: boolean };
      return asked({ type: "set_tool", name: tool, enabled });
    }
    case "exportThread": {
      const { system, params, answers, branches, codeCells } = input as Record<string, boolean>;
      const options = Object.entries({ system, params, answers, branches, code_cells: codeCells });
      const body = {
        type: "export",
        format: lower(input.format) as ExportFormat,
        ...(input.style ? { style: lower(input.style) as ExportStyle } : {}),
        ...Object.fromEntries(options.filter(([, value]) => value !== undefined)),
      } as const;
      return asked(body, exportPayload);
    }
    case "startComparison": {
      const { threadId: _, clientMutationId: __, maxCost, maxConcurrency, ...given } = input;
      const renamed = Object.entries({ max_cost: maxCost, max_concurrency: maxConcurrency });
      const limits = Object.fromEntries(renamed.filter(([, value]) => value !== undefined));
      const body = { type: "compare", ...given, ...limits } as unknown as CompareRequest;
      return asked(body, (result) => ({ comparisonId: result.comparison }));
    }
    case "steerComparison":
      return asked({ type: "steer", comparison, action: lower(input.action) as SteerAction });
    case "pickAnswer":
      return asked({ type: "pick", comparison, ...place(input) });
    case "useAnswer": {
      const { row, variant, sample } = place(input);
      const key = { row, variant: Number(variant), sample };
      return asked({ type: "use_answer", comparison, ...key }, (r) => ({ messageId: r.message }));
    }
    case "renameComparison":
      return asked({ type: "rename_comparison", comparison, name: String(input.name) });
    case "deleteComparison":
      return asked({ type: "delete_comparison", comparison });
    case "exportComparison": {
      const format = lower(input.format) as "csv" | "html" | "cells";
      return asked({ type: "export_comparison", comparison, format }, exportPayload);
    }
    default:
      throw new Error(`There is no mutation ${name}`);
  }
}

const place = ({ row, variant, sample }: Fields) => ({
  row: Number(row),
  variant: variant === null ? null : Number(variant),
  sample: Number(sample),
});

function exportPayload(result: Fields): Fields {
  if (result.cells) return { file: null, cells: result.cells };
  const { name, media_type: mediaType, text } = result;
  return { file: { name, mediaType, text }, cells: null };
}

function parts(content: unknown): Part[] {
  return (content as Fields[]).map((part) => {
    const [entry] = Object.entries(part);
    const [kind = "text", given] = entry ?? [];
    if (typeof given === "string") return { type: kind, text: given } as Part;
    const type = kind === "toolCall" ? "tool_call" : kind;
    const { mediaType, label, ...rest } = given as Fields;
    const named = kind === "toolCall" ? {} : { name: label, media_type: mediaType };
    const all = Object.entries({ type, ...rest, ...named });
    return Object.fromEntries(all.filter(([, value]) => value !== undefined)) as unknown as Part;
  });
}
