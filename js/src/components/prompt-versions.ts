// The versions of the system prompt: those that answers have used, and the present one.

import type { Thread } from "../model.ts";
import { when } from "./dates.ts";
import { plural } from "./format.ts";

export interface PromptVersion {
  /** From 1, oldest first. */
  readonly number: number;
  readonly text: string;
  /** Seconds since the epoch; `null` while no answer has used it. */
  readonly created: number | null;
  /** How many answers have used it. */
  readonly uses: number;
  /** Whether the next answer uses it. */
  readonly current: boolean;
}

/** Oldest first. Without any that was used there is nothing to tell apart. */
export function promptVersions(thread: Thread): readonly PromptVersion[] {
  const { prompts, system, messages } = thread;
  if (prompts.length === 0) return [];
  const current = prompts.map(({ text }) => text).lastIndexOf(system);
  const uses = prompts.map(() => 0);
  for (const { prompt, copy_of } of messages) {
    // The same answer on another path was not asked for again.
    if (prompt !== undefined && copy_of === undefined && uses[prompt - 1] !== undefined) {
      uses[prompt - 1] = (uses[prompt - 1] ?? 0) + 1;
    }
  }
  const used = prompts.map(({ text, created }, i) => ({
    number: i + 1,
    text,
    created,
    uses: uses[i] ?? 0,
    current: i === current,
  }));
  if (current >= 0 || system === "") return used;
  const number = prompts.length + 1;
  return [...used, { number, text: system, created: null, uses: 0, current: true }];
}

/** "v4, not used yet" where that has to be said. */
export function versionName({ number, created }: PromptVersion): string {
  return created === null ? `v${number}, not used yet` : `v${number}`;
}

/** "2 min, in use", "14:02, used by 3 answers", "Mon". */
export function versionNote({ created, uses, current }: PromptVersion, now: Date): string {
  if (created === null) return "not used yet";
  const used = uses > 0 ? `used by ${plural(uses, "answer")}` : "";
  return [when(created, now), current ? "in use" : used].filter(Boolean).join(", ");
}

/** The version that a look at the changes begins with: the one before, else the latest other. */
export function comparedWith(
  versions: readonly PromptVersion[],
  current: PromptVersion,
): PromptVersion | undefined {
  const others = versions.filter((version) => version !== current);
  return others.filter(({ number }) => number < current.number).at(-1) ?? others.at(-1);
}
