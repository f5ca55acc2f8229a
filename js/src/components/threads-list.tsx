// The rows of the list of threads, below the headings of their days, and the keys that hold there.

import { useComputed, useSignal } from "@preact/signals";
import type { JSX, TargetedKeyboardEvent } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ThreadRow } from "../model.ts";
import { dayGroup, when } from "./dates.ts";
import { isNowhere } from "./focus.ts";
import { plural } from "./format.ts";
import { useClock } from "./hooks.ts";
import { deleteThread, duplicateThread, pinThread, renameThread } from "./thread-actions.ts";
import { type ThreadAct, ThreadItem } from "./thread-row.tsx";
import { useView } from "./view.ts";

/** How far from the end of the list the next page is asked for, in CSS pixels. */
const AHEAD = 600;
/** How high a row and a heading are, for what is out of sight. */
const ROW = 32;
const HEADING = 32;

/** Rows in the order of the list, by the heading of their day. */
function groups(rows: readonly ThreadRow[], now: Date): ReadonlyMap<string, readonly ThreadRow[]> {
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
  /** Why it could not be read. */
  readonly failed: string;
  readonly toSearch: () => void;
  readonly toDrawer: () => void;
}

export function ThreadsList({ failed, toSearch, toDrawer }: ListProps): JSX.Element {
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
      if (box.current && isNowhere(box.current)) focus(id);
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
