/** Calls back when the network comes back, and when the page is looked at again. */
export function onWake(call: () => void, signal: AbortSignal): void {
  globalThis.addEventListener?.("online", call, { signal });
  const page = globalThis.document as Document | undefined;
  page?.addEventListener(
    "visibilitychange",
    () => {
      if (page.visibilityState === "visible") call();
    },
    { signal },
  );
}
