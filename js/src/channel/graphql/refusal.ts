// What a person is told of a request that was not carried out.

import { Refused, SignedOut, Unreachable } from "./post.ts";

/** Why it was not, by the error that came of it; one that is nobody else's is a bug here. */
export function refusalOf(error: unknown): { kind: string; title: string; detail: string } {
  if (error instanceof Refused) {
    const { kind, title, detail } = error;
    return { kind, title, detail };
  }
  if (error instanceof SignedOut) {
    const detail = "Log in again, then repeat this.";
    return { kind: "signed-out", title: "You are logged out", detail };
  }
  if (error instanceof Unreachable) {
    const detail = "Look whether this was done, and do it again if not.";
    return { kind: "unreachable", title: "The server does not answer", detail };
  }
  return { kind: "bug", title: "This page made a mistake", detail: String(error) };
}
