// What is asked for or loaded once a page, however many widgets need it.

type Registry = Map<string, Promise<unknown>>;

// Each widget evaluates its own copy of this bundle, so what they share hangs on the page itself.
const KEY = Symbol.for("playground_widget.assets");
const page = globalThis as typeof globalThis & { [KEY]?: Registry };

/** What `make` gives to whoever needs it first is everybody's; a failure is not kept. */
export function shared<T>(name: string, make: () => Promise<T>): Promise<T> {
  page[KEY] ??= new Map();
  const registry = page[KEY];
  const known = registry.get(name) as Promise<T> | undefined;
  if (known) return known;
  const made = make();
  registry.set(name, made);
  made.catch(() => registry.delete(name));
  return made;
}

/** The module that a text is; only blobs can be imported where the page is not ours. */
export async function importText(text: string): Promise<unknown> {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return await import(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}
