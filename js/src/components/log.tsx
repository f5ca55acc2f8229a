// The messages of the active path. The last 200 are in the page; earlier ones when asked for.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

import type { Message } from "../model.ts";
import { useCurrentMessage } from "./current-message.ts";
import { EmptyState } from "./empty.tsx";
import { isNowhere } from "./focus.ts";
import { LogFollower } from "./follow-log.ts";
import { grouped } from "./format.ts";
import { useLifetime } from "./hooks.ts";
import { Icon } from "./icons.tsx";
import { InsertBox } from "./insert-box.tsx";
import { MessageKeys } from "./keys.ts";
import { MessageRow } from "./message.tsx";
import { onMessageKey, rowOf } from "./message-keys.ts";
import { SystemPrompt } from "./system-prompt.tsx";
import { useView } from "./view.ts";

const MOUNTED = 200;

export function Log(): JSX.Element {
  const view = useView();
  const { store } = view;
  const log = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const follower = useSignal<LogFollower | null>(null);
  const extra = useSignal(0);
  const keys = useRef(new MessageKeys());

  const path = store.path.value;
  const first = Math.max(0, path.length - MOUNTED - extra.value);
  const shown = first === 0 ? path : path.slice(first);
  const busy = view.running.value !== null || view.lagging.value > 0;
  const empty = path.length === 0;

  // The log of another thread: what was current is not in it.
  useLayoutEffect(() => {
    view.current.value = null;
  }, [view]);
  useLifetime(
    (signal) => {
      if (!log.current || !content.current) return;
      const full = store.path.peek().length > 0;
      follower.value = new LogFollower(log.current, content.current, full, signal);
      if (full) follower.value.toEnd();
    },
    [store],
  );
  useEffect(() => {
    if (view.toEnd.value > 0) follower.peek()?.toEnd();
  }, [view.toEnd.value]);
  // A conversation that begins is followed from its first message, wherever that came from.
  useEffect(() => {
    if (!empty) follower.peek()?.toEnd();
  }, [empty]);
  useCurrentMessage(log, path);

  // What is being read stays where it is when earlier messages come in above it.
  const before = useRef<{ readonly fromEnd: number; readonly row: Element | null } | null>(null);
  const showEarlier = () => {
    const element = log.current;
    if (element) {
      const fromEnd = element.scrollHeight - element.scrollTop;
      before.current = { fromEnd, row: element.querySelector("article[data-id]") };
    }
    extra.value += MOUNTED;
  };
  useLayoutEffect(() => {
    if (!log.current || before.current === null) return;
    const { fromEnd, row } = before.current;
    log.current.scrollTop = log.current.scrollHeight - fromEnd;
    // The button goes once all are there.
    if (isNowhere(log.current)) (row as HTMLElement | null)?.focus({ preventScroll: true });
    before.current = null;
  }, [extra.value]);

  return (
    <>
      <div
        ref={log}
        class={`pgw-log${empty ? " is-empty" : ""}`}
        role="log"
        aria-label="Messages"
        aria-busy={busy}
        aria-live={busy ? "off" : "polite"}
        onKeyDown={(event) => {
          if (onMessageKey(view, event, keys.current)) {
            event.preventDefault();
            follower.peek()?.release();
          }
        }}
        onFocusIn={(event) => {
          const row = rowOf(event.target);
          if (row?.dataset.id) view.current.value = row.dataset.id;
        }}
      >
        <div ref={content} class="pgw-log__content">
          {first > 0 ? (
            <div class="pgw-earlier">
              <button type="button" class="pgw-btn pgw-btn--line" onClick={showEarlier}>
                Show earlier messages ({grouped(first)})
              </button>
            </div>
          ) : (
            <SystemPrompt />
          )}
          <Rows messages={shown} first={first === 0 && store.thread.value.system === ""} />
          {empty && store.status.value !== "saved" && <EmptyState />}
        </div>
      </div>
      {!empty && <JumpToLatest follower={follower.value} />}
    </>
  );
}

function Rows({ messages, first }: { messages: readonly Message[]; first: boolean }) {
  const view = useView();
  const { edits, inserting } = view.store.drafts;
  const open = edits.value;
  const insertion = inserting.value;
  const current = view.current.value;
  const stop = stopOf(current, messages);
  let off = false;
  return messages.flatMap((message, i) => {
    const editing = open.has(message.id);
    const here = insertion?.message === message.id ? insertion.at : undefined;
    const row = (
      <MessageRow
        key={message.id}
        message={message}
        current={message.id === current}
        stop={message.id === stop}
        off={off}
        editing={editing}
        first={first && i === 0}
      />
    );
    if (editing && message.role !== "assistant") off = true;
    if (!here) return [row];
    const box = <InsertBox key="insert" />;
    return here === "before" ? [box, row] : [row, box];
  });
}

/** The row that Tab goes to: the current message, or else the last one. */
function stopOf(current: string | null, messages: readonly Message[]): string | undefined {
  if (current === "system" || messages.some(({ id }) => id === current)) return current ?? "";
  return messages.at(-1)?.id;
}

function JumpToLatest({ follower }: { follower: LogFollower | null }): JSX.Element {
  const away = follower !== null && !follower.following.value;
  return (
    <>
      {away && (
        <button type="button" class="pgw-jump" onClick={() => follower?.toEnd()}>
          <Icon name="down" small />
          Jump to latest
        </button>
      )}
    </>
  );
}
