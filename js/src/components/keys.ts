// Which key does what. Pure, so that it can be tested by itself.

/** The part of a KeyboardEvent that matters here. */
export interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  /** True while an input method composes a character: its Enter is not ours. */
  readonly isComposing: boolean;
  /** 229 for a key that an input method took: in Safari all that the last one of them says. */
  readonly keyCode?: number;
}

/** Whether a key belongs to an input method. */
export const isComposed = (event: Key) => event.isComposing || event.keyCode === 229;

const command = (event: Key) => event.ctrlKey || event.metaKey;
const bare = (event: Key) => !command(event) && !event.altKey;

export type ComposerAction = "send" | "add" | "leave" | "edit-last";

export function composerKey(event: Key, empty: boolean): ComposerAction | undefined {
  if (isComposed(event)) return undefined;
  if (event.key === "Enter") {
    if (command(event)) return "send";
    if (event.altKey) return "add";
    return event.shiftKey ? undefined : "send";
  }
  if (event.key === "Escape") return "leave";
  if (event.key === "ArrowUp" && empty && bare(event) && !event.shiftKey) return "edit-last";
  return undefined;
}

export type EditAction = "save" | "rerun" | "cancel";

export function editKey(event: Key): EditAction | undefined {
  if (isComposed(event)) return undefined;
  if (event.key === "Escape") return "cancel";
  if (!command(event) || event.altKey) return undefined;
  if (event.key === "Enter") return "rerun";
  return event.key.toLowerCase() === "s" && !event.shiftKey ? "save" : undefined;
}

export type MessageAction =
  | "previous"
  | "next"
  | "first"
  | "last"
  | "edit"
  | "older-version"
  | "newer-version"
  | "copy"
  | "regenerate"
  | "insert-before"
  | "insert-after"
  | "delete"
  | "undo";

const MESSAGE_KEYS: Readonly<Record<string, MessageAction>> = {
  ArrowUp: "previous",
  k: "previous",
  ArrowDown: "next",
  j: "next",
  Home: "first",
  End: "last",
  Enter: "edit",
  ArrowLeft: "older-version",
  ArrowRight: "newer-version",
  c: "copy",
  r: "regenerate",
  a: "insert-before",
  b: "insert-after",
  z: "undo",
};

/** The second D has to come within this time, in milliseconds. */
const DOUBLE = 800;

/** Reads keys pressed on a message; remembers the first D of two. */
export class MessageKeys {
  #firstD = Number.NEGATIVE_INFINITY;

  /** @param at milliseconds, the event's own time stamp */
  read(event: Key, at: number): MessageAction | undefined {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const firstD = this.#firstD;
    this.#firstD = Number.NEGATIVE_INFINITY;
    if (!bare(event) || event.shiftKey || isComposed(event)) return undefined;
    if (key !== "d") return Object.hasOwn(MESSAGE_KEYS, key) ? MESSAGE_KEYS[key] : undefined;
    if (at - firstD <= DOUBLE) return "delete";
    this.#firstD = at;
    return undefined;
  }
}
