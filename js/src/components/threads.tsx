// The list of threads: over the messages, or beside them where the widget is wide.

import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { JSX, TargetedKeyboardEvent } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { ThreadRow } from "../model.ts";
import { RequestError } from "../store.ts";
import { IconButton, Kbd } from "./controls.tsx";
import { dayGroup, when } from "./dates.ts";
import { focusedBeside } from "./focus.ts";
import { plural } from "./format.ts";
import { useClock } from "./hooks.ts";
import { Icon } from "./icons.tsx";
import { isComposed } from "./keys.ts";
import { ComparisonsSection } from "./open-panel.tsx";
import {
  deleteThread,
  duplicateThread,
  newThread,
  openThread,
  pinThread,
  renameThread,
} from "./thread-actions.ts";
import { type ThreadAct, ThreadItem } from "./thread-row.tsx";
import { useView } from "./view.ts";

/** How long typing pauses before it is searched for, in milliseconds. */
const PAUSE = 80;
/** How far from the end of the list the next page is asked for, in CSS pixels. */
const AHEAD = 600;
/** How high a row and a heading are, for what is out of sight. */
const ROW = 32;
const HEADING = 32;

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
      void load().then(() => {
        const [first] = list.rows.peek();
        if (first) void openThread(view, first.id);
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
      <List
        failed={failed.value}
        toSearch={() => field.current?.focus()}
        toDrawer={() => drawer.current?.focus()}
      />
      <ComparisonsSection />
      <StorageNote />
    </nav>
  );
}

/** Rows in the order of the list, by the heading of their day. */
export function groups(
  rows: readonly ThreadRow[],
  now: Date,
): ReadonlyMap<string, readonly ThreadRow[]> {
  const found = new Map<string, ThreadRow[]>();
  for (const row of rows) {
    const name = row.pinned ? "Pinned" : dayGroup(row.updated, now);
    const below = found.get(name);
    if (below) below.push(row);
    else found.set(name, [row]);
  }
  return found;
}

interface ListProps {
  readonly failed: string;
  readonly toSearch: () => void;
  readonly toDrawer: () => void;
}

function List({ failed, toSearch, toDrawer }: ListProps): JSX.Element {
  const view = useView();
  const { rows, search } = view.threads;
  const shown = rows.value;
  const box = useRef<HTMLDivElement>(null);
  const at = useSignal<string | null>(null);
  const renaming = useSignal<string | null>(null);
  const title = useComputed(() => view.store.thread.value.title).value;
  const running = view.running.value !== null;
  useClock(30_000, true);
  const now = new Date();
  const open = view.open.value;
  const has = (id: string | null) => shown.some((row) => row.id === id);
  const stop = has(at.value) ? at.value : has(open) ? open : shown[0]?.id;

  const more = () => {
    const element = box.current;
    if (!element || element.scrollHeight - element.scrollTop - element.clientHeight > AHEAD) return;
    void view.threads.more().catch(() => undefined);
  };
  useEffect(more, [shown]);

  const focus = (id: string | undefined) => {
    for (const item of box.current?.querySelectorAll<HTMLElement>("[data-thread]") ?? []) {
      if (item.dataset.thread !== id) continue;
      item.querySelector("button")?.focus();
      return true;
    }
    return false;
  };
  /** The row whose button or field had the focus is made anew; nobody has moved it elsewhere. */
  const refocus = (id: string) =>
    requestAnimationFrame(() => {
      const active = box.current && focusedBeside(box.current);
      if (!active || active === active.ownerDocument.body) focus(id);
    });
  const act = (what: ThreadAct, row: ThreadRow) => {
    switch (what) {
      case "pin":
        void pinThread(view, row, !row.pinned);
        refocus(row.id);
        break;
      case "rename":
        renaming.value = row.id;
        break;
      case "duplicate":
        void duplicateThread(view, row);
        break;
      case "delete": {
        const all = view.threads.rows.peek();
        const i = all.findIndex(({ id }) => id === row.id);
        // Not into the search, where no key would take it back.
        if (!focus(all[i + 1]?.id ?? all[i - 1]?.id)) toDrawer();
        void deleteThread(view, row);
        break;
      }
    }
  };
  const named = (row: ThreadRow, typed: string | undefined) => {
    renaming.value = null;
    if (typed !== undefined) void renameThread(view, row, typed);
    refocus(row.id);
  };
  // The same ones each time, so that a row renders only for what it shows.
  const latest = useRef({ act, named });
  latest.current = { act, named };
  const stable = useRef({
    act: (...given: Parameters<typeof act>) => latest.current.act(...given),
    named: (...given: Parameters<typeof named>) => latest.current.named(...given),
  }).current;

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    const id = target.closest<HTMLElement>("[data-thread]")?.dataset.thread;
    const i = shown.findIndex((row) => row.id === id);
    const row = shown[i];
    if (!row || !target.matches(".pgw-thread__open")) return;
    switch (event.key) {
      case "ArrowDown":
        focus(shown[i + 1]?.id);
        break;
      case "ArrowUp":
        if (i === 0) toSearch();
        else focus(shown[i - 1]?.id);
        break;
      case "Home":
        focus(shown[0]?.id);
        break;
      case "End":
        focus(shown.at(-1)?.id);
        break;
      case "F2":
        act("rename", row);
        break;
      case "Delete":
        act("delete", row);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the rows in it
    <div
      ref={box}
      class="pgw-threads"
      onScroll={more}
      onKeyDown={onKeyDown}
      onFocusIn={(event) => {
        const item = (event.target as Element).closest<HTMLElement>("[data-thread]");
        if (item?.dataset.thread) at.value = item.dataset.thread;
      }}
    >
      {[...groups(shown, now)].map(([name, below]) => (
        <section
          key={name}
          aria-label={name}
          style={{ containIntrinsicSize: `auto ${HEADING + ROW * below.length}px` }}
        >
          <h3>{name}</h3>
          <ul>
            {below.map((row) => {
              const current = row.id === open;
              return (
                <ThreadItem
                  key={row.id}
                  row={row}
                  title={current ? title : row.title}
                  running={current ? running : row.running}
                  when={when(row.updated, now, name === "Yesterday")}
                  current={current}
                  stop={row.id === stop}
                  renaming={row.id === renaming.value}
                  {...stable}
                />
              );
            })}
          </ul>
        </section>
      ))}
      {failed !== "" && <p role="alert">{failed}</p>}
      {shown.length === 0 && failed === "" && search.value !== null && (
        <p>
          {search.value === ""
            ? "There are no threads yet. What you send is kept here."
            : `No thread matches “${search.value}”.`}
        </p>
      )}
      <span class="pgw-sr" role="status">
        {search.value ? `${plural(shown.length, "thread")} found` : ""}
      </span>
    </div>
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
