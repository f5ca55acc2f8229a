// Files that are asked for once a page, however many widgets need them.

type Registry = Map<string, Promise<string>>;

// Each widget evaluates its own copy of this bundle, so what they share hangs on the page itself.
const KEY = Symbol.for("playground_widget.assets");
const page = globalThis as typeof globalThis & { [KEY]?: Registry };

/** The text of an asset, asked for by whoever needs it first; a failure is not kept. */
export function sharedAsset(name: string, ask: () => Promise<string>): Promise<string> {
  page[KEY] ??= new Map();
  const registry = page[KEY];
  const known = registry.get(name);
  if (known) return known;
  const asked = ask();
  registry.set(name, asked);
  asked.catch(() => registry.delete(name));
  return asked;
}
