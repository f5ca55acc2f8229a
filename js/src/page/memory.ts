/** What a page keeps for the next visit; a browser may keep nothing for it. */
export interface Memory {
  recall(name: string): string | null;
  keep(name: string, value: string): void;
}

const PREFIX = "playground_widget.";

export function memory(): Memory {
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
