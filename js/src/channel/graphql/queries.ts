// What the page asks about an answer, as queries, and what their results say.

import type { RequestBody } from "../../protocol.ts";
import { wireOf } from "./convert.ts";
import { CODE, LOGPROBS, WIRE } from "./documents.ts";

type Fields = Readonly<Record<string, unknown>>;

export type ReadType = "code" | "wire" | "logprobs";

interface Query {
  readonly query: string;
  readonly variables: Fields;
  /** The result for whoever asked, from the data. */
  readonly result: (data: Fields) => Fields;
}

/** The query for a request that reads something of a thread. */
export function queryFor(body: RequestBody & { readonly type: ReadType }, thread: string): Query {
  switch (body.type) {
    case "code": {
      const { message, language } = body;
      const variables = { thread, message, language: language.toUpperCase() };
      return { query: CODE, variables, result: ({ code }) => ({ text: code }) };
    }
    case "wire": {
      const variables = { thread, message: body.message };
      return { query: WIRE, variables, result: (data) => wireOf(data.wire) };
    }
    case "logprobs": {
      const variables = { thread, message: body.message };
      return { query: LOGPROBS, variables, result: ({ logprobs }) => ({ tokens: logprobs }) };
    }
  }
}
