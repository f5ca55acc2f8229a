// What the requests that only panels make are answered with, checked as everything that arrives.

import {
  boolean,
  type Check,
  count,
  list,
  nullable,
  number,
  object,
  record,
  string,
} from "../../protocol/check.ts";

/** One try to get an answer. */
export interface Attempt {
  /** Seconds since the first one was sent. */
  readonly at: number;
  /** How long it was waited after it, in seconds. */
  readonly wait: number | null;
  /** Of HTTP. */
  readonly status: number | null;
  readonly request_id: string | null;
  readonly error: string | null;
}

export interface Chunk {
  /** Seconds since the request was sent. */
  readonly at: number;
  readonly text: string;
}

/** How an answer was asked for, and what came. */
export interface Wire {
  readonly request: {
    readonly url: string;
    readonly method: string;
    readonly body: Readonly<Record<string, unknown>>;
  };
  /** It was not kept as it was sent, and is made again from what is stored. */
  readonly rebuilt: boolean;
  readonly attempts: readonly Attempt[];
  readonly chunks: readonly Chunk[];
  /** How many chunks are not kept. */
  readonly omitted: number;
  /** Whether chunks are kept for good. */
  readonly recorded: boolean;
}

export interface TokenLogprob {
  readonly token: string;
  readonly logprob: number;
  /** What else could have come, the most likely first. */
  readonly top: readonly { readonly token: string; readonly logprob: number }[];
}

const maybe =
  <T>(check: Check<T>): Check<T | null> =>
  (value, at) =>
    nullable(check)(value ?? null, at);

const wire: Check<Wire> = object({
  request: object({ url: string, method: string, body: record }),
  rebuilt: boolean,
  attempts: list(
    object({
      at: number,
      wait: maybe(number),
      status: maybe(count),
      request_id: maybe(string),
      error: maybe(string),
    }),
  ),
  chunks: list(object({ at: number, text: string })),
  omitted: count,
  recorded: boolean,
});

const code = object({ text: string });
const chance = { token: string, logprob: number };
const logprobs = object({ tokens: list(object({ ...chance, top: list(object(chance)) })) });

/** Of `code`. */
export function parseCode(data: unknown): string {
  return code(data, "code").text;
}

/** Of `wire`. */
export function parseWire(data: unknown): Wire {
  return wire(data, "wire");
}

/** Of `logprobs`. */
export function parseLogprobs(data: unknown): readonly TokenLogprob[] {
  return logprobs(data, "logprobs").tokens;
}
