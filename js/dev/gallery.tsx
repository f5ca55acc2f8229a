// The components in a chosen state: gallery/?state=main&theme=dark&width=640

import { createElement, render } from "preact";
import { App } from "../src/components/app.tsx";
import type { Host } from "../src/host.ts";
import { parseSnapshot, type Request } from "../src/protocol.ts";
import { createStore } from "../src/store.ts";
import { FakeChannel } from "../src/testing/fake-channel.ts";
import { FakeKernel } from "../src/testing/fake-kernel.ts";
import { STATES } from "./states.ts";

const textOf = async (file: string) => (await fetch(file)).text();

const query = new URLSearchParams(location.search);
const theme = query.get("theme") ?? "light";
const state = STATES[query.get("state") ?? "main"];
const place = document.querySelector("main");

document.documentElement.dataset.theme = theme;
document.title = query.get("state") ?? "main";

if (place && !state) {
  for (const name of Object.keys(STATES)) {
    const link = document.createElement("a");
    link.href = `?state=${name}`;
    link.textContent = `${name} `;
    place.append(link);
  }
} else if (place && state) {
  place.style.width = `${query.get("width") ?? 900}px`;
  const root = document.createElement("div");
  root.className = "pgw";
  root.dataset.theme = theme;
  root.dataset.host = "jupyterlab";
  place.append(root);

  const { signal } = new AbortController();
  const kernel = state.threads
    ? new FakeKernel({
        snapshot: parseSnapshot(state.snapshot()),
        threads: state.threads(),
        ...state.compared,
        modules: {
          math: await textOf("math.js"),
          code: await textOf("code.js"),
          panels: await textOf("panels.js"),
        },
      })
    : undefined;
  const channel = kernel?.channel ?? new FakeChannel(state.snapshot());
  const byHand = (request: Request) => {
    if (request.type === "asset") {
      void fetch(`${request.name}.js`)
        .then((answer) => answer.arrayBuffer())
        .then((bytes) => {
          const data = { type: "asset", request: request.request, name: request.name };
          channel.takeMessage(data, [new DataView(bytes)]);
        });
    } else if (request.type !== "hello" && request.type !== "snapshot") {
      queueMicrotask(() => {
        channel.takeEvents({ type: "done", request: request.request, result: { undo: "u1" } });
        state.answer?.(channel, request);
      });
    }
  };
  if (!kernel) channel.onRequest = byHand;
  const store = createStore(channel, signal);
  channel.takeStatus(state.status ?? "live");
  const host: Host = {
    kind: "jupyterlab",
    root,
    signal,
    insertCells: async () => undefined,
  };
  const before = performance.now();
  render(createElement(App, { store, host }), root);
  performance.measure("first render", { start: before, end: performance.now() });
  const height = query.get("height");
  if (height) {
    const frame = root.querySelector<HTMLElement>(".pgw-frame");
    if (frame) frame.style.height = `${height}px`;
  }
  void state.run?.(channel, store);
}
