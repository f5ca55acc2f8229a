// Which variables the conversation needs, and which of them keep it from being sent.

import type { Message, Role, Thread, Variable } from "../model.ts";
import { codePoints } from "../text.ts";
import { names } from "../variables.ts";
import type { View } from "./view.ts";

/** The roles whose words may name variables: what a model or a tool says is never filled in. */
export const TEMPLATES: ReadonlySet<Role> = new Set<Role>(["system", "developer", "user"]);

// A message never changes, so its names are looked for once.
const known = new WeakMap<Message, readonly string[]>();

function namesIn(message: Message): readonly string[] {
  const found =
    known.get(message) ??
    (TEMPLATES.has(message.role)
      ? message.content.flatMap((part) => (part.type === "text" ? names(part.text) : []))
      : []);
  known.set(message, found);
  return found;
}

/** The names that the next request needs, each once: of the thread, then of what is written. */
export function namesNeeded(
  { system }: Thread,
  path: readonly Message[],
  draft: string,
  role: Role,
): readonly string[] {
  const own = TEMPLATES.has(role) ? names(draft) : [];
  return [...new Set([...names(system), ...path.flatMap(namesIn), ...own])];
}

/** As it stands in a text. */
export const braced = (name: string): string => `{{${name}}}`;

export function variableOf(view: View, name: string): Variable | undefined {
  return view.store.settings.value.variables?.find((each) => each.name === name);
}

/** Whether it is known that this has no value that can be sent. */
export function isUnset(variable: Variable | undefined): boolean {
  return variable !== undefined && (variable.source === null || variable.error !== null);
}

/** The names among these that keep a request from being sent. */
export function unsetOf(view: View, needed: readonly string[]): readonly string[] {
  return needed.filter((name) => isUnset(variableOf(view, name)));
}

/** Whether the page has only the beginning of a value. */
export const isCut = ({ text, length }: Variable): boolean => codePoints(text) < length;

/** Whether the page has all of a text, and may change it. */
export function isEditable(variable: Variable): boolean {
  const { source, kind, error } = variable;
  if (source === null) return true;
  return source === "playground" && kind === "str" && error === null && !isCut(variable);
}

/** A value on one line, as far as it is known. */
export function briefly(variable: Variable): string {
  const { text, error, source } = variable;
  if (source === null) return "set a value";
  if (error !== null) return "no text";
  return `${text.replace(/\s+/g, " ").trim()}${isCut(variable) ? "…" : ""}` || "empty";
}

/** The variables that had other values when an answer was made; unset ones had some, too. */
export function changedSince(view: View, { variables = {} }: Message): readonly Variable[] {
  return Object.entries(variables).flatMap(([name, digest]) => {
    const now = variableOf(view, name);
    return now && (isUnset(now) || now.digest !== digest) ? now : [];
  });
}
