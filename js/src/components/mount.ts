// Puts the playground into its root element: the same for a view of a widget and for a page.

import { createElement, render } from "preact";
import type { Host } from "../host.ts";
import type { Store } from "../store.ts";
import { App } from "./app.tsx";

/** Renders into the host's root until its signal aborts. */
export function mount(store: Store, host: Host): void {
  render(createElement(App, { store, host }), host.root);
  host.signal.addEventListener("abort", () => render(null, host.root));
}
