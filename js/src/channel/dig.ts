/** The value at a path of property names, or undefined where the path ends early. */
export function dig(value: unknown, ...names: readonly string[]): unknown {
  let at = value;
  for (const name of names) {
    if ((typeof at !== "object" && typeof at !== "function") || at === null) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}
