// The way from a widget to its thread as a page: the Jupyter server that shows the notebook has one
// where the playground is installed beside it.

/** Opens a thread as a page; resolves to false where the server has no such pages. */
export type PageOpener = (thread: string) => Promise<boolean>;

/** How threads open as pages, where the notebook says by which server it is shown. */
export function pageOpener(document: Document): PageOpener | undefined {
  const base = baseUrl(document);
  if (base === undefined) return undefined;
  return async (thread) => {
    const address = new URL(`playground/thread/${encodeURIComponent(thread)}`, base);
    const answer = await fetch(address, { credentials: "same-origin" }).catch(() => undefined);
    if (!answer?.ok) return false;
    document.defaultView?.open(address, "_blank", "noopener");
    return true;
  };
}

/** JupyterLab and Notebook 7 leave the settings of their page in it, as JSON. */
function baseUrl(document: Document): URL | undefined {
  try {
    const config: unknown = JSON.parse(
      document.getElementById("jupyter-config-data")?.textContent ?? "",
    );
    const base = typeof config === "object" && config && Reflect.get(config, "baseUrl");
    return typeof base === "string" ? new URL(base, document.baseURI) : undefined;
  } catch {
    return undefined;
  }
}
