// The address follows the open thread, and the open thread the browser's Back and Forward.
//
// A thread without messages is kept nowhere, so that it has the address of a new one; which one it
// is stands in the entry's state, as long as the server remembers it.

import { effect, type ReadonlySignal, signal } from "@preact/signals";
import { parseThreadId } from "../protocol.ts";
import { RequestError, type Store } from "../store.ts";
import type { Routes } from "./routes.ts";

/** Follows until the signal aborts, and gives what there is to say. */
export function followHistory(
  store: Store,
  routes: Routes,
  lifetime: AbortSignal,
): ReadonlySignal<string | null> {
  const notice = signal<string | null>(null);
  /** Counts the steps back and forward; the latest one holds. */
  let steps = 0;
  let going = false;
  let before: { readonly id: string; readonly kept: boolean } | undefined;

  const show = (id: string, kept: boolean) => {
    const path = routes.pathOf(kept ? id : undefined);
    const here = entryThread(routes) === id || before?.id === id;
    // One empty thread in place of another is no step.
    const same = before !== undefined && !before.kept && !kept;
    const state = { thread: id };
    if (before && !here && !same && !going) history.pushState(state, "", path);
    else if (!here || location.pathname !== path || !history.state) {
      history.replaceState(state, "", path);
    }
    before = { id, kept };
    going = false;
  };

  const go = async () => {
    const step = ++steps;
    const thread = entryThread(routes);
    if (thread !== undefined && thread === store.thread.peek().id) return;
    going = true;
    // So that the same words are said again.
    notice.value = null;
    try {
      if (thread === undefined) await store.request({ type: "new_thread" }, parseThreadId);
      else await store.request({ type: "open_thread", thread });
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (step !== steps) return;
      if (thread !== undefined && routes.threadOf(location.pathname) === undefined) {
        // An empty thread that the server has forgotten: another one is as good.
        history.replaceState(null, "", routes.pathOf());
        await go();
        return;
      }
      going = false;
      notice.value = error.message;
      if (before) show(before.id, before.kept);
    }
  };

  const unfollow = effect(() => {
    const { id, title, messages } = store.thread.value;
    document.title = title || "Playground";
    if (id !== "") show(id, messages.length > 0);
  });
  addEventListener("popstate", () => void go(), { signal: lifetime });
  lifetime.addEventListener("abort", unfollow);
  return notice;
}

/** The thread of the entry of the history that is shown. */
function entryThread(routes: Routes): string | undefined {
  const state: unknown = history.state;
  const thread = typeof state === "object" && state !== null && Reflect.get(state, "thread");
  return typeof thread === "string" ? thread : routes.threadOf(location.pathname);
}
