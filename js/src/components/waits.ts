// Waits that somebody told of, counted down in the page.

/** When each wait was first seen: all views of a page, and a view built anew, count alike. */
const seen = new WeakMap<object, number>();

export function seenAt(wait: object): number {
  const known = seen.get(wait) ?? performance.now();
  seen.set(wait, known);
  return known;
}

/** Whole seconds that are left of a wait, and which share of it is over. */
export function countdown(wait: number, passed: number): { left: number; share: number } {
  const share = wait <= 0 ? 1 : Math.min(1, Math.max(0, passed / wait));
  return { left: Math.ceil(Math.max(0, wait - passed)), share };
}
