// The widget as anywidget loads it: a factory, called once for each model.
//
// `initialize` makes what all views of the model share, `render` one view. anywidget hands each of
// them a handle of its own, so that what is shared is kept here and not looked up by the handle.
//
// The page imports the named exports (`page.mjs`). None may have a name that a host looks for:
// anywidget takes a module with a `render` for one of its old kind.

import { effect } from "@preact/signals";
import { commChannel } from "./channel/comm.ts";
import type { AnyModel } from "./channel/model.ts";
import { mount } from "./components/mount.ts";
import { cellInserter, createHost, type Host, standBeside } from "./host.ts";
import { createStore, type Store } from "./store.ts";

export { effect, signal } from "@preact/signals";
export { dig } from "./channel/dig.ts";
export { mount } from "./components/mount.ts";
export { watchTheme } from "./host/theme.ts";
export { parseThreadId } from "./protocol.ts";
export { createStore, RequestError } from "./store.ts";

interface Model {
  readonly model: AnyModel;
  /** Aborts when the model goes away. */
  readonly signal: AbortSignal;
}

interface View extends Model {
  readonly el: HTMLElement;
  /** Aborts when the view goes away. */
  readonly signal: AbortSignal;
}

export default function playgroundWidget() {
  let store: Store;
  const hosts = new Set<Host>();
  return {
    initialize({ model, signal }: Model): void {
      const fromModel = cellInserter(model);
      // Where a view says which cell it is in, there; a cell may also ask before it shows one.
      const inserter = () => [...hosts].find((host) => host.insertCells)?.insertCells ?? fromModel;
      store = createStore(commChannel(model), signal, inserter);
    },
    render({ model, el, signal }: View): void {
      const host = createHost(model, el, signal);
      hosts.add(host);
      const show = standBeside(host.root, signal);
      const unfollow = effect(() => {
        const { transcript } = store.settings.value;
        show(transcript, store.status.value === "saved" ? "transcript" : "widget");
      });
      mount(store, host);
      signal.addEventListener("abort", () => {
        hosts.delete(host);
        unfollow();
      });
    },
  };
}
