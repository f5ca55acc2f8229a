import type { OwnPage } from "../host.ts";

const PREFIX = "playground_widget.";

/** What a page keeps for the next visit; a browser may keep nothing for it. */
export function memory(): Pick<OwnPage, "recall" | "keep"> {
  return {
    recall(name) {
      try {
        return localStorage.getItem(PREFIX + name);
      } catch {
        return null;
      }
    },
    keep(name, value) {
      try {
        localStorage.setItem(PREFIX + name, value);
      } catch {
        // The next visit begins as the first one did.
      }
    },
  };
}
