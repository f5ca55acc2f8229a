// The list of threads: over the messages, or beside them where the widget is wide.

import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { JSX, TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { RequestError } from "../store.ts";
import { IconButton, Kbd } from "./controls.tsx";
import { Icon } from "./icons.tsx";
import { isComposed } from "./keys.ts";
import { ComparisonsSection } from "./open-panel.tsx";
import { newThread, openThread } from "./thread-actions.ts";
import { ThreadsList } from "./threads-list.tsx";
import { useView } from "./view.ts";

/** How long typing pauses before it is searched for, in milliseconds. */
const PAUSE = 80;

export function ThreadsDrawer(): JSX.Element | null {
  const view = useView();
  if (!view.drawer.value || !view.listed.value) return null;
  return (
    <>
      {!view.docked.value && (
        <div
          class="pgw-shade"
          onPointerDown={(event) => {
            event.preventDefault();
            view.toggleDrawer(false);
          }}
        />
      )}
      <Drawer />
    </>
  );
}

function Drawer(): JSX.Element {
  const view = useView();
  const { threads: list } = view;
  const query = useSignal("");
  const failed = useSignal("");
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const field = useRef<HTMLInputElement>(null);
  const drawer = useRef<HTMLElement>(null);

  const load = async () => {
    try {
      await list.load(query.peek().trim());
      failed.value = "";
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      failed.value = error.message;
    }
  };
  /** The first letter is searched for at once, those that follow closely once they pause. */
  const search = () => {
    const first = timer.current === undefined;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      timer.current = undefined;
      if (!first) void load();
    }, PAUSE);
    if (first) void load();
  };
  const changed = useComputed(() => view.store.settings.value.threads);
  useSignalEffect(() => {
    changed.value;
    void load();
  });
  useLayoutEffect(() => {
    if (view.listAsked && view.touch) drawer.current?.focus();
    else if (view.listAsked) field.current?.focus({ preventScroll: true });
    return () => clearTimeout(timer.current);
  }, [view]);

  const onSearchKey = (event: TargetedKeyboardEvent<HTMLInputElement>) => {
    if (isComposed(event)) return;
    if (event.key === "ArrowDown") {
      drawer.current?.querySelector<HTMLElement>('.pgw-thread__open[tabindex="0"]')?.focus();
    } else if (event.key === "Enter") {
      const wanted = query.peek().trim();
      void load().then(() => {
        const [first] = list.rows.peek();
        if (first && list.search.peek() === wanted) void openThread(view, first.id);
      });
    } else return;
    event.preventDefault();
  };

  return (
    <nav
      ref={drawer}
      class={`pgw-drawer${view.docked.value ? " pgw-drawer--dock" : ""}`}
      aria-label="Threads"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.preventDefault();
          view.toggleDrawer(false);
        } else if (event.key === "/" && !(event.target as Element).matches("input")) {
          event.preventDefault();
          field.current?.focus();
        }
      }}
    >
      {view.host.page && <h2 class="pgw-sr">Threads</h2>}
      <div class="pgw-drawer__head">
        <div class="pgw-search">
          <Icon name="search" small />
          <input
            ref={field}
            type="search"
            name="threads"
            autocomplete="off"
            spellcheck={false}
            placeholder="Search threads"
            aria-label="Search threads"
            aria-keyshortcuts="/"
            value={query.value}
            onInput={(event) => {
              query.value = event.currentTarget.value;
              search();
            }}
            onKeyDown={onSearchKey}
          />
          {query.value === "" && !view.touch && <Kbd>/</Kbd>}
        </div>
        <IconButton icon="plus" label="New thread" onClick={() => void newThread(view)} />
        {!view.docked.value && (
          <IconButton icon="x" label="Close" onClick={() => view.toggleDrawer(false)} />
        )}
      </div>
      <ThreadsList
        failed={failed.value}
        toSearch={() => field.current?.focus()}
        toDrawer={() => drawer.current?.focus()}
      />
      <ComparisonsSection />
      <StorageNote />
    </nav>
  );
}

function StorageNote(): JSX.Element | null {
  const { settings, peer } = useView().store;
  const { storage } = settings.value;
  if (!storage || (storage.kind !== "memory" && storage.error === null)) return null;
  return (
    <p class="pgw-drawer__foot">
      <Icon name={storage.error === null ? "history" : "alert"} small />
      {storage.error ?? `Threads are kept in memory only, until the ${peer} stops.`}
    </p>
  );
}
