// The growing answer beside the frozen tree: what a delta is folded into.

import { type ReadonlySignal, signal } from "@preact/signals";
import type { GrowingKind, Part } from "../model.ts";
import type { Delta } from "../protocol.ts";
import { codePoints, dropCodePoints, wellFormed } from "../text.ts";

/** One part of a growing answer, as it is now. */
export interface LivePart {
  readonly type: GrowingKind;
  /** Of a tool call. */
  readonly id?: string;
  readonly name?: string;
  /** Words, or a tool call's arguments. */
  readonly text: string;
}

/** The growing answer beside the frozen tree; it exists while the message's status is `streaming`. */
export interface Live {
  /** The parts as they are now: the same objects grow, so read them again at each version. */
  readonly parts: readonly LivePart[];
  /** How many tokens have come, about. */
  readonly tokens: number;
  /** One more with each batch that touched this answer. */
  readonly version: ReadonlySignal<number>;
  /** `performance.now()` when this page first saw it. */
  readonly startedAt: number;
  /** `performance.now()` when its first text arrived here. */
  readonly firstTextAt: number | null;
}

/** `gap`: something before the delta is missing, and nothing was changed. */
export type Folded = "appended" | "sliced" | "dropped" | "gap";

interface Growing extends LivePart {
  // Appending to a string is constant-time however long it is: engines keep the halves and join
  // them when somebody reads the whole, which happens once a frame at most.
  text: string;
  /** In code points. */
  length: number;
}

export class GrowingAnswer implements Live {
  readonly startedAt = performance.now();
  readonly #version = signal(0);
  #parts: Growing[] = [];
  #tokens = 0;
  #firstTextAt: number | null = null;

  constructor(content: readonly Part[], tokens: number) {
    this.#fill(content, tokens);
  }

  get parts(): readonly LivePart[] {
    return this.#parts;
  }

  get tokens(): number {
    return this.#tokens;
  }

  get version(): ReadonlySignal<number> {
    return this.#version;
  }

  get firstTextAt(): number | null {
    return this.#firstTextAt;
  }

  /** How long each part is, in code points. */
  get lengths(): readonly number[] {
    return this.#parts.map((part) => part.length);
  }

  append(delta: Delta): Folded {
    const part = this.#parts[delta.part] ?? this.#open(delta);
    const known = part ? part.length - delta.offset : -1;
    if (!part || known < 0) return "gap";
    const length = codePoints(delta.text);
    this.#tokens = Math.max(this.#tokens, delta.tokens ?? 0);
    if (known > 0 && known >= length) return "dropped";
    part.text += known === 0 ? delta.text : dropCodePoints(delta.text, known);
    part.length += length - known;
    if (length > 0) this.#firstTextAt ??= performance.now();
    return known === 0 ? "appended" : "sliced";
  }

  /** Becomes what a snapshot says, for the same listeners. */
  replace(content: readonly Part[], tokens: number): void {
    this.#fill(content, tokens);
  }

  /** Tells the listeners, once for everything that happened since the last time. */
  announce(): void {
    this.#version.value++;
  }

  /** The parts as they are now, for good. */
  freeze(): readonly Part[] {
    return this.#parts.map(({ type, id = "", name = "", text }) =>
      type === "tool_call" ? { type, id, name, arguments: text } : { type, text },
    );
  }

  #fill(content: readonly Part[], tokens: number): void {
    this.#tokens = tokens;
    this.#parts = content.filter(grows).map((part) => {
      const text = wellFormed(part.type === "tool_call" ? part.arguments : part.text);
      const call = part.type === "tool_call" ? { id: part.id, name: part.name } : {};
      return { type: part.type, ...call, text, length: codePoints(text) };
    });
  }

  /** A new part, if this delta is the one that may begin it. */
  #open({ part, offset, kind, id, name }: Delta): Growing | undefined {
    if (part !== this.#parts.length || offset !== 0) return undefined;
    const call = kind === "tool_call" ? { id: id ?? "", name: name ?? "" } : {};
    const opened: Growing = { type: kind, ...call, text: "", length: 0 };
    this.#parts.push(opened);
    return opened;
  }
}

function grows(part: Part): part is Extract<Part, { type: GrowingKind }> {
  return part.type !== "image" && part.type !== "table";
}
