// The line below an answer: how fast it came, what it took and why it ended.

import type { Message } from "../model.ts";
import { dollars, plural, rate, seconds } from "./format.ts";

export interface Figure {
  readonly name: "first" | "speed" | "tokens" | "cost" | "finish";
  /** The part that is set in the text's colour. */
  readonly strong?: string;
  readonly text: string;
}

/** What is known about a finished answer, the most useful first: the line drops from the right. */
export function figures(message: Message): readonly Figure[] {
  const { timing, usage, finish_reason: finish } = message;
  const found: Figure[] = [];
  if (timing?.first_token !== undefined) {
    found.push({ name: "first", strong: seconds(timing.first_token), text: "to first token" });
  }
  const speed = tokensPerSecond(message);
  if (speed !== undefined) found.push({ name: "speed", strong: rate(speed), text: "tok/s" });
  if (usage) found.push({ name: "tokens", text: plural(usage.output_tokens, "token") });
  if (usage?.cost !== undefined) found.push({ name: "cost", text: dollars(usage.cost) });
  if (finish) found.push({ name: "finish", text: finish.replaceAll("_", " ") });
  return found;
}

/** Speed of the writing itself, without the wait for the first token. */
export function tokensPerSecond({
  timing,
  usage,
}: Pick<Message, "timing" | "usage">): number | undefined {
  if (!timing || !usage || usage.output_tokens < 2) return undefined;
  const time = timing.duration - (timing.first_token ?? 0);
  return time > 0 ? usage.output_tokens / time : undefined;
}

/** "Thought for 4 s", and how many tokens it took where that is known. */
export function thoughtTokens(message: Message): string | undefined {
  const count = message.usage?.reasoning_tokens;
  return count ? plural(count, "token") : undefined;
}
