// Puts a page together: the channel to its server, the store, and one view that fills the window.

import { graphqlChannel } from "../channel/graphql.ts";
import { mount } from "../components/mount.ts";
import { watchTheme } from "../host/theme.ts";
import type { Host } from "../host.ts";
import { createStore } from "../store.ts";
import { followHistory } from "./history.ts";
import { memory } from "./memory.ts";
import { routesFrom } from "./routes.ts";

/** Renders the page into `place`, whose data attributes say where its server is. */
export function startPage(place: HTMLElement, signal: AbortSignal): void {
  const base = from(place, "baseUrl");
  const routes = routesFrom(base);
  const thread = routes.threadOf(location.pathname);
  const channel = graphqlChannel({
    url: new URL(from(place, "graphqlUrl"), location.href),
    assets: new URL(from(place, "staticUrl"), location.href),
    login: `${base}login?next=${encodeURIComponent(routes.pathOf())}`,
    ...(thread === undefined ? {} : { thread }),
  });
  const store = createStore(channel, signal);
  const notice = followHistory(store, routes, signal);

  const root = place.ownerDocument.createElement("main");
  root.className = "pgw";
  root.dataset.host = "page";
  place.append(root);
  watchTheme(
    place,
    (theme) => {
      root.dataset.theme = theme;
    },
    signal,
  );
  const host: Host = { kind: "page", root, signal, page: { notice, ...memory() } };
  mount(store, host);
  signal.addEventListener("abort", () => root.remove());
}

function from(place: HTMLElement, name: string): string {
  const value = place.dataset[name];
  if (value === undefined) throw new Error(`The page does not say its ${name}.`);
  return value;
}
