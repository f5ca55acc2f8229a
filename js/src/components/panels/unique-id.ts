import { useMemo } from "preact/hooks";

/**
 * An id that no other widget of the page has. Each has its own Preact, whose `useId` begins to
 * count anew, and a label or a group of radio buttons would reach into another widget.
 */
export function useUniqueId(): string {
  return useMemo(() => `pgw-${Math.random().toString(36).slice(2)}`, []);
}
