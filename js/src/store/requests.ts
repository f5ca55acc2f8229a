// Requests on their way: each gets a name of its own and is settled exactly once.

import type { Answer, Request, RequestBody } from "../protocol.ts";

/** Why a request was not carried out, in words for the person who made it. */
export class RequestError extends Error {
  override readonly name = "RequestError";

  constructor(
    readonly kind: string,
    readonly title: string,
    readonly detail: string,
  ) {
    super(detail ? `${title}. ${detail}` : title);
  }
}

export type Result = Record<string, unknown>;

interface Pending {
  readonly type: RequestBody["type"];
  readonly resolve: (result: Result) => void;
  readonly reject: (error: RequestError) => void;
}

export class Requests {
  readonly #send: (request: Request) => void;
  readonly #pending = new Map<string, Pending>();
  // Every page that shows this widget hears every answer, so that a number alone could be
  // another page's. (crypto.randomUUID is missing where a notebook is served over plain http.)
  readonly #page = Math.random().toString(36).slice(2, 10);
  #count = 0;

  constructor(send: (request: Request) => void) {
    this.#send = send;
  }

  make(body: RequestBody): Promise<Result> {
    const request = `${this.#page}-${++this.#count}`;
    return new Promise((resolve, reject) => {
      this.#pending.set(request, { type: body.type, resolve, reject });
      try {
        this.#send({ ...body, request });
      } catch (error) {
        this.#take(request);
        reject(new RequestError("unsent", "The request could not be sent", String(error)));
      }
    });
  }

  /** Settles the request that an answer names, and says what it had asked for. */
  answer(answer: Answer): RequestBody["type"] | undefined {
    const pending = this.#pending.get(answer.request);
    // An asset is answered by the message that carries its bytes.
    if (answer.type === "done" && pending?.type === "asset") return pending.type;
    this.#pending.delete(answer.request);
    if (answer.type === "refused") {
      const { kind, title, detail } = answer.error;
      pending?.reject(new RequestError(kind, title, detail));
    } else {
      pending?.resolve({ ...answer.result });
    }
    return pending?.type;
  }

  /** Settles a request that is answered by something other than `done`. */
  deliver(request: string, result: Result): void {
    this.#take(request)?.resolve(result);
  }

  rejectAll(error: RequestError): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(error);
  }

  #take(request: string): Pending | undefined {
    const pending = this.#pending.get(request);
    this.#pending.delete(request);
    return pending;
  }
}
