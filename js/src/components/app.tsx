// One view of a playground: the frame, what is in it, and the keys that hold anywhere inside.

import { effect } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Host, OwnPage } from "../host.ts";
import type { Store } from "../store.ts";
import { Announcer } from "./announcer.tsx";
import { Composer } from "./composer.tsx";
import { isNowhere } from "./focus.ts";
import { Grip } from "./grip.tsx";
import { Header } from "./header.tsx";
import { useLifetime } from "./hooks.ts";
import { isComposed } from "./keys.ts";
import { Layers } from "./layers.tsx";
import { Log } from "./log.tsx";
import {
  CompareSlot,
  openExport,
  openHelp,
  ParametersSlot,
  showCompare,
  toggleParameters,
} from "./open-panel.tsx";
import {
  AwayNote,
  LostNote,
  MissingNote,
  MissingState,
  SavedBar,
  SignedOutNote,
} from "./status-note.tsx";
import { settleTabStops } from "./tab-stops.ts";
import { focusComposer } from "./thread-actions.ts";
import { ThreadsDrawer } from "./threads.tsx";
import { ToastRegion, takeBack } from "./toast.tsx";
import { View, ViewContext } from "./view.ts";

export interface AppProps {
  readonly store: Store;
  readonly host: Host;
}

export function App({ store, host }: AppProps): JSX.Element {
  const view = useMemo(() => new View(store, host), [store, host]);
  useLifetime((signal) => listen(view, signal), [view]);
  return (
    <ViewContext.Provider value={view}>
      <Frame view={view} />
    </ViewContext.Provider>
  );
}

function Frame({ view }: { view: View }): JSX.Element {
  const status = view.store.status.value;
  const { page } = view.host;
  const comparing = view.comparing.value;
  // Another thread is another log: nothing of the old one's scroll and place holds there.
  const nothing = status === "missing" && view.store.path.value.length === 0;
  const log = nothing ? <MissingState /> : <Log key={view.open.value} />;
  if (status === "saved") {
    return (
      <section class="pgw-frame is-saved" aria-label="Playground">
        <SavedBar />
        {log}
        <Layers />
        <ToastRegion />
      </section>
    );
  }
  return (
    <section
      class={page ? "pgw-frame is-page" : "pgw-frame"}
      aria-label="Playground"
      {...(page ? {} : { style: { height: `${view.height.value}px` } })}
    >
      {page && <h1 class="pgw-sr">{view.store.thread.value.title || "Playground"}</h1>}
      <Header />
      <div class="pgw-body">
        <ThreadsDrawer />
        <div class="pgw-chat" inert={view.overlaid.value}>
          <div class="pgw-main">{comparing ? <CompareSlot /> : log}</div>
          {status === "signed-out" && <SignedOutNote />}
          {status === "reconnecting" && <AwayNote />}
          {status === "lost" && <LostNote />}
          {status === "missing" && !nothing && <MissingNote />}
          {status !== "lost" && status !== "missing" && !comparing && <Composer />}
        </div>
        <ParametersSlot />
      </div>
      {!page && <Grip />}
      <Layers />
      <ToastRegion />
      <Announcer />
    </section>
  );
}

function listen(view: View, signal: AbortSignal): void {
  const { root, page } = view.host;
  const size = new ResizeObserver(() => {
    view.width.value = root.clientWidth;
  });
  size.observe(root);
  signal.addEventListener("abort", () => size.disconnect());
  // On a page of one's own a key without a place is meant for the playground, too.
  const keys: EventTarget = page ? root.ownerDocument : root;
  keys.addEventListener("keydown", (event) => onKey(view, event as KeyboardEvent), {
    capture: true,
    signal,
  });
  followComparison(view, signal);
  if (page) {
    focusAtFirst(view, signal);
    followNotices(view, page, signal);
  }
  // A click anywhere else closes what is open, in the widget or beside it.
  root.ownerDocument.addEventListener(
    "pointerdown",
    (event) => {
      const inside = event
        .composedPath()
        .some(
          (at) =>
            at instanceof Element &&
            (at.matches(".pgw-layer, .pgw-scrim") ||
              view.layers.value.some((layer) => layer.opener === at)),
        );
      if (!inside) view.dismiss();
    },
    { capture: true, signal },
  );
}

/** A comparison that begins, or is opened, is looked at. */
function followComparison(view: View, signal: AbortSignal): void {
  let shown: string | undefined;
  const unfollow = effect(() => {
    const { comparison } = view.store.settings.value;
    if (comparison !== undefined && comparison !== shown && view.live.value) {
      void showCompare(view);
    }
    if (view.live.value) shown = comparison;
  });
  signal.addEventListener("abort", unfollow);
}

/** Whoever opens a page wants to write, unless they have begun with something else. */
function focusAtFirst(view: View, signal: AbortSignal): void {
  let done = false;
  const unfollow = effect(() => {
    if (done || !view.live.value) return;
    done = true;
    focusComposer(view, () => isNowhere(view.host.root));
  });
  signal.addEventListener("abort", unfollow);
}

/** What is to be said from outside of the view. */
function followNotices(view: View, { notice }: OwnPage, signal: AbortSignal): void {
  const unfollow = effect(() => {
    if (notice.value !== null) view.toast.value = { text: notice.value };
  });
  signal.addEventListener("abort", unfollow);
}

function onKey(view: View, event: KeyboardEvent): void {
  if (isComposed(event)) return;
  if (event.key === "Escape" && view.layers.value.length > 0) {
    event.preventDefault();
    event.stopPropagation();
    view.close();
    return;
  }
  const target = event.composedPath()[0];
  // Within the list of threads, Escape may mean something smaller first.
  if (event.key === "Escape" && view.covered.value && !isIn(target, ".pgw-drawer")) {
    event.preventDefault();
    event.stopPropagation();
    view.toggleDrawer(false);
    return;
  }
  const overlaid = view.parameters.value && view.overlaid.value;
  if (event.key === "Escape" && (overlaid || isIn(target, ".pgw-panel"))) {
    event.preventDefault();
    event.stopPropagation();
    void toggleParameters(view);
    return;
  }
  if (event.key === "Tab") {
    const log = view.host.root.querySelector<HTMLElement>(".pgw-log");
    if (log) settleTabStops(log);
    return;
  }
  const command = (event.ctrlKey || event.metaKey) && !event.altKey;
  if (view.layers.value.length === 0 && command && event.key === ".") {
    event.preventDefault();
    void toggleParameters(view);
    return;
  }
  if (
    command &&
    event.shiftKey &&
    event.key.toLowerCase() === "e" &&
    view.layers.value.length === 0
  ) {
    event.preventDefault();
    void openExport(view);
    return;
  }
  if (isTakingBack(view, event, target) && takeBack(view)) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  if (event.key === "?" && !isIn(target, FIELDS) && view.layers.value.length === 0) {
    event.preventDefault();
    void openHelp(view);
  }
}

/** In the log the key takes back what was done there last, be there a toast or not. */
function isTakingBack(view: View, event: KeyboardEvent, target: EventTarget | undefined): boolean {
  if (event.key.toLowerCase() !== "z" || view.layers.value.length > 0) return false;
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
  return !isIn(target, FIELDS) && (view.toast.value?.aside === true || !isIn(target, ".pgw-log"));
}

const FIELDS = "input, textarea, select, [contenteditable]";

function isIn(target: EventTarget | undefined, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}
