// What stands in for the controls, or above them, when there is nobody to take them.

import type { JSX } from "preact";
import type { Away } from "../store.ts";
import { copyAndTell } from "./clipboard.ts";
import { plural, roughDollars } from "./format.ts";
import { useClock } from "./hooks.ts";
import { Icon } from "./icons.tsx";
import { Note } from "./note.tsx";
import { newThread } from "./thread-actions.ts";
import { useView } from "./view.ts";

/** A break that is shorter than this is no matter, in milliseconds. */
const SHORT = 10_000;

export function LostNote(): JSX.Element {
  const { peer, settings, path } = useView().store;
  const { kind = "memory", error = null } = settings.value.storage ?? {};
  const kept = kind !== "memory" && error === null && path.value.length > 0;
  return (
    <Note tone="warn" title={`The ${peer} stopped`} frame>
      <p>
        {kept && peer === "kernel"
          ? "The thread is saved: run the cell again, and it is in the list of threads. "
          : "Copy what you want to keep. "}
        What you see here stays until the page is closed
        {peer === "kernel" && " or the cell runs again"}.
      </p>
      <div class="pgw-note__acts">
        <CopyDraft />
      </div>
    </Note>
  );
}

/** What was being written: the composer that it stood in is gone. */
function CopyDraft(): JSX.Element | null {
  const view = useView();
  const { text } = view.store.drafts;
  if (text.value.trim() === "") return null;
  return (
    <button
      type="button"
      class="pgw-btn pgw-btn--line"
      onClick={() => void copyAndTell(view, text.value)}
    >
      Copy what you wrote
    </button>
  );
}

/** Above the composer: the peer has been away for longer than a moment. */
export function AwayNote(): JSX.Element | null {
  const { away } = useView().store;
  return away.value && <Countdown away={away.value} />;
}

function Countdown({ away }: { away: Away }): JSX.Element | null {
  const { store } = useView();
  const now = useClock(1000, true);
  if (now - away.since < SHORT) return null;
  return (
    <Note tone="warn" title={`The ${store.peer} does not answer`} role="status" frame>
      <p>What you see and what you have written stays. {waitWords(away, now)}</p>
      <div class="pgw-note__acts">
        <button
          type="button"
          class="pgw-btn pgw-btn--line"
          disabled={away.next === null}
          onClick={() => store.tryNow()}
        >
          Try now
        </button>
      </div>
    </Note>
  );
}

function waitWords({ next }: Away, now: number): string {
  const left = next === null ? 0 : Math.ceil((next - now) / 1000);
  return left <= 0 ? "Trying again now." : `Trying again in ${left} s.`;
}

/** Above the composer: the server wants a login. */
export function SignedOutNote(): JSX.Element {
  const { store } = useView();
  return (
    <Note tone="warn" title="You are logged out" icon="key" frame>
      <p>
        What you see and what you have written stays. Log in again in a new tab, then come back to
        this one.
      </p>
      <div class="pgw-note__acts">
        {store.login !== undefined && (
          <a
            class="pgw-btn pgw-btn--line"
            href={store.login}
            target="_blank"
            rel="noopener noreferrer"
          >
            Log in
          </a>
        )}
        <button type="button" class="pgw-btn pgw-btn--quiet" onClick={() => store.tryNow()}>
          Try again
        </button>
      </div>
    </Note>
  );
}

/** In place of the composer: the server does not have the thread any more. */
export function MissingNote(): JSX.Element {
  return (
    <Note tone="warn" title="This thread is not here any more" frame>
      <p>
        It was deleted, or never kept. What you see stays until the page is closed: copy what you
        want to keep.
      </p>
      <WaysOn />
    </Note>
  );
}

/** In place of everything: the server has no such thread. */
export function MissingState(): JSX.Element {
  return (
    <div class="pgw-log is-empty">
      <div class="pgw-log__content">
        <div class="pgw-empty" role="alert">
          <div>
            <h2>This thread is not here</h2>
            <p class="pgw-empty__lead">
              It was deleted, or never kept. Those that are kept stand in the list of threads.
            </p>
            <WaysOn />
          </div>
        </div>
      </div>
    </div>
  );
}

function WaysOn(): JSX.Element {
  const view = useView();
  return (
    <div class="pgw-note__acts">
      <button type="button" class="pgw-btn pgw-btn--line" onClick={() => void newThread(view)}>
        New thread
      </button>
      {!view.drawer.value && (
        <button
          type="button"
          class="pgw-btn pgw-btn--quiet"
          onClick={() => view.toggleDrawer(true)}
        >
          Show threads
        </button>
      )}
      <CopyDraft />
    </div>
  );
}

export function SavedBar(): JSX.Element {
  const { store } = useView();
  const { model } = store.thread.value;
  const { cost } = store.settings.value.usage;
  const facts = [model, plural(store.path.value.length, "message")];
  if (cost !== null && cost > 0) facts.push(roughDollars(cost));
  return (
    <div class="pgw-saved">
      <Icon name="history" />
      <p>
        <b>Saved transcript.</b> Run the cell to start again.
      </p>
      <span class="pgw-num pgw-small">{facts.filter(Boolean).join(" · ")}</span>
    </div>
  );
}
