// Queries and mutations over HTTP.

import { dig } from "../dig.ts";
import type { Operation } from "./socket.ts";

/** Nobody answered: whether the request arrived is not known. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** The server does not know who is asking. */
export class SignedOut extends Error {
  override readonly name = "SignedOut";
}

/** It was not carried out, with words for the person who asked. */
export class Refused extends Error {
  override readonly name = "Refused";

  constructor(
    readonly kind: string,
    readonly title: string,
    readonly detail: string,
  ) {
    super(title);
  }
}

/** What gateways say for a server that is not there. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * Asks once and returns the answer's `data`.
 *
 * @throws Unreachable, SignedOut or Refused
 */
export async function post(
  url: string,
  operation: Operation,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await reach(url, operation, signal);
  if (answer.status === 401 || answer.status === 403) throw new SignedOut();
  if (AWAY.has(answer.status)) throw new Unreachable(`HTTP ${answer.status}`);
  if (answer.status === 413) {
    throw new Refused("too_large", "This is more than the server takes", "Nothing was changed.");
  }
  const body = await read(answer);
  const data = dig(body, "data");
  if (typeof data === "object" && data !== null) return data as Record<string, unknown>;
  const [first] = [dig(body, "errors")].flat();
  const said = dig(first, "message");
  throw new Refused(
    "server",
    "The server could not do this",
    typeof said === "string" ? said : `It answered with HTTP status ${answer.status}.`,
  );
}

async function reach(url: string, operation: Operation, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, {
      method: "POST",
      credentials: "same-origin",
      // A login page would be an answer to nothing that was asked.
      redirect: "manual",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/graphql-response+json, application/json;q=0.9",
        ...xsrfHeader(),
      },
      body: JSON.stringify(operation),
      signal,
    }).then((answer) => {
      if (answer.type === "opaqueredirect") throw new SignedOut();
      return answer;
    });
  } catch (error) {
    if (error instanceof SignedOut) throw error;
    throw new Unreachable(String(error));
  }
}

async function read(answer: Response): Promise<unknown> {
  let text: string;
  try {
    text = await answer.text();
  } catch (error) {
    // The connection ended within the answer.
    throw new Unreachable(String(error));
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Jupyter refuses what another site's page could have sent. */
function xsrfHeader(): Record<string, string> {
  const cookies = (globalThis.document as Document | undefined)?.cookie ?? "";
  const token = /(?:^|;\s*)_xsrf=([^;]*)/.exec(cookies)?.[1];
  return token === undefined ? {} : { "X-XSRFToken": decodeURIComponent(token) };
}
