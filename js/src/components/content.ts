// What a person typed or copied, to and from the parts of a message.

import type { NewCell } from "../host.ts";
import { isRunnable } from "../markdown/index.ts";
import type { Message, Part, ToolCallPart } from "../model.ts";
import { plural } from "./format.ts";

/** The text of a message as a person edits or copies it: without thinking and tool calls. */
export function plainText(parts: readonly Part[]): string {
  return parts
    .filter((part) => part.type === "text" || part.type === "refusal")
    .map((part) => part.text)
    .join("\n\n");
}

/** What a message has beside its text: "2 images, 1 table". */
export function besideText(parts: readonly Part[]): string {
  const count = (type: Part["type"]) => parts.filter((part) => part.type === type).length;
  const found = [
    [count("image"), "image"],
    [count("table"), "table"],
  ] as const;
  return found
    .filter(([number]) => number > 0)
    .map(([number, noun]) => plural(number, noun))
    .join(", ");
}

/** The parts with new text: other parts stay, the text stands where the first text was. */
export function withText(parts: readonly Part[], text: string): readonly Part[] {
  const isText = (part: Part) => part.type === "text" || part.type === "refusal";
  const first = parts.findIndex(isText);
  const kept = parts.filter((part) => !isText(part));
  if (text === "" && kept.length > 0) return kept;
  const at = first < 0 ? kept.length : first;
  return [...kept.slice(0, at), { type: "text", text }, ...kept.slice(at)];
}

/** What Copy puts on the clipboard: the text, and tables as the model reads them. */
export function copyText(message: Message): string {
  const found: string[] = [];
  for (const part of message.content) {
    if (part.type === "text" || part.type === "refusal" || part.type === "table") {
      found.push(part.text);
    } else if (part.type === "tool_call") {
      found.push(callText(part.name, part.arguments));
    }
  }
  return found.join("\n\n");
}

/**
 * A tool call as Python would write it: describe(frame="penguins", by="species").
 *
 * @param most how many characters of a text among the arguments are shown
 */
export function callText(name: string, json: string, most = Number.POSITIVE_INFINITY): string {
  let value: unknown;
  try {
    value = JSON.parse(json === "" ? "{}" : json);
  } catch {
    return `${name}(${json})`;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return `${name}(${json})`;
  const shortened = (each: unknown) =>
    typeof each === "string" && each.length > most ? `${each.slice(0, most - 1)}…` : each;
  const pairs = Object.entries(value).map(
    ([key, each]) => `${key}=${JSON.stringify(shortened(each))}`,
  );
  return `${name}(${pairs.join(", ")})`;
}

/** The arguments of a call to be read: a text alone as it is, anything else as indented JSON. */
export function argumentsText(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    const [first, ...more] = Object.values(value as object);
    return typeof first === "string" && more.length === 0 ? first : JSON.stringify(value, null, 2);
  } catch {
    return json;
  }
}

/** The message with the result of a call: one of those right after the answer that calls. */
export function resultOf(
  path: readonly Message[],
  answer: Message,
  call: string | undefined,
): Message | undefined {
  let at = path.findIndex(({ id }) => id === answer.id);
  if (at < 0 || call === undefined) return undefined;
  for (let next = path[++at]; next?.role === "tool"; next = path[++at]) {
    if (next.tool_call_id === call) return next;
  }
  return undefined;
}

/** The call that a message of a tool answers: services give the same ids again and again. */
export function callOf(path: readonly Message[], message: Message): ToolCallPart | undefined {
  for (let at = path.findIndex(({ id }) => id === message.id) - 1; at >= 0; at--) {
    for (const part of path[at]?.content ?? []) {
      if (part.type === "tool_call" && part.id === message.tool_call_id) return part;
    }
  }
  return undefined;
}

/** Languages that a code cell runs by a magic of IPython's. */
const MAGICS: Readonly<Record<string, string>> = {
  bash: "bash",
  sh: "sh",
  shell: "sh",
  html: "html",
  javascript: "javascript",
  js: "javascript",
  latex: "latex",
  tex: "latex",
  svg: "svg",
  perl: "perl",
  ruby: "ruby",
  rb: "ruby",
};

/** A block of code as a cell: run where the notebook can run it, else shown as it was. */
export function cellOf(code: string, language: string): NewCell {
  const name = language.toLowerCase();
  if (name === "" || isRunnable(name)) return { type: "code", source: code };
  const magic = Object.hasOwn(MAGICS, name) ? MAGICS[name] : undefined;
  if (magic) return { type: "code", source: `%%${magic}\n${code}` };
  const fence = "`".repeat(Math.max(3, longestRun(code) + 1));
  return { type: "markdown", source: `${fence}${language}\n${code}\n${fence}` };
}

/** The most backticks that stand together. */
function longestRun(code: string): number {
  return Math.max(0, ...(code.match(/`+/g) ?? []).map(({ length }) => length));
}

/** A line that opens or closes a code block: at most three spaces, then three or more marks. */
const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*([^\s`]*)/;

/** The fenced code blocks in a text, in order, as cells. */
export function codeCells(text: string): readonly NewCell[] {
  const cells: NewCell[] = [];
  let fence = "";
  let language = "";
  let lines: string[] = [];
  for (const line of text.split("\n")) {
    const mark = FENCE.exec(line);
    if (fence === "") {
      if (mark?.[1]) {
        fence = mark[1];
        language = mark[2] ?? "";
        lines = [];
      }
    } else if (mark?.[1]?.startsWith(fence) && line.trim() === mark[1]) {
      if (lines.length > 0) cells.push(cellOf(lines.join("\n"), language));
      fence = "";
    } else {
      lines.push(line);
    }
  }
  return cells;
}
