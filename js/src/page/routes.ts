// The addresses of the page: one for each thread that is kept, and one for a new thread.

export interface Routes {
  /** The thread that a path names, or undefined where it names none. */
  threadOf(path: string): string | undefined;
  /** The path of a thread; of a new one without. */
  pathOf(thread?: string): string;
}

/** @param base where Jupyter is, such as `/` or `/user/ada/` */
export function routesFrom(base: string): Routes {
  const root = `${base.endsWith("/") ? base : `${base}/`}playground`;
  const prefix = `${root}/thread/`;
  return {
    threadOf(path) {
      if (!path.startsWith(prefix)) return undefined;
      const [name = ""] = path.slice(prefix.length).split("/");
      return decoded(name) || undefined;
    },
    pathOf: (thread) => (thread === undefined ? root : `${prefix}${encodeURIComponent(thread)}`),
  };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
