import { type Change, parseEvent } from "../protocol.ts";

/** An event that changes the copy of a conversation; undefined for any other. */
export function changeOf(data: unknown): Change | undefined {
  const event = parseEvent(data);
  switch (event.type) {
    case "done":
    case "refused":
    case "insert":
    case "comparison":
      return undefined;
    default:
      return event;
  }
}
