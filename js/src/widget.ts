// The widget as anywidget loads it: a factory, called once for each model.
//
// `initialize` makes what all views of the model share, `render` one view. anywidget hands each of
// them a handle of its own, so that what is shared is kept here and not looked up by the handle.

import { createElement, render } from "preact";
import { commChannel } from "./channel/comm.ts";
import type { AnyModel } from "./channel/model.ts";
import { App } from "./components/app.tsx";
import { createHost } from "./host.ts";
import { createStore, type Store } from "./store.ts";

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
  return {
    initialize({ model, signal }: Model): void {
      store = createStore(commChannel(model), signal);
    },
    render({ model, el, signal }: View): void {
      const host = createHost(model, el, signal);
      render(createElement(App, { store, host }), host.root);
      signal.addEventListener("abort", () => render(null, host.root));
    },
  };
}
