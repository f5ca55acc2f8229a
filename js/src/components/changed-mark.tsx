// Where an answer was made with other values than variables have now.

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Message } from "../model.ts";
import { regenerate } from "./actions.ts";
import { plural } from "./format.ts";
import { braced, briefly, changedSince } from "./used-variables.ts";
import { useView, type View } from "./view.ts";

/** Says that an answer was made with other values, and offers to make it anew. */
export function ChangedMark({ message }: { message: Message }): JSX.Element | null {
  const view = useView();
  const changed = changedSince(view, message);
  const [first] = changed;
  if (!first || !view.writable.value) return null;
  const words = changed.length === 1 ? first.name : plural(changed.length, "variable");
  return (
    <button
      type="button"
      class="pgw-btn pgw-btn--s pgw-changed"
      aria-haspopup="dialog"
      aria-expanded="false"
      onClick={(event) =>
        view.openMenu(event.currentTarget, "start", () => (
          <ChangedCard view={view} message={message} />
        ))
      }
    >
      {words} {changed.length === 1 ? "has" : "have"} changed
    </button>
  );
}

function ChangedCard({ view, message }: { view: View; message: Message }): JSX.Element {
  const again = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => again.current?.focus(), []);
  return (
    <div class="pgw-menu pgw-card" role="dialog" aria-label="What has changed">
      {changedSince(view, message).map((now) => (
        <p key={now.name}>
          <span class="pgw-var">{braced(now.name)}</span> had another value when this was written.{" "}
          {now.source === null ? "Now it is not set." : `Now: ${briefly(now)}`}
        </p>
      ))}
      <div class="pgw-form__acts">
        <button
          ref={again}
          type="button"
          class="pgw-btn pgw-btn--s pgw-btn--line"
          disabled={view.running.value !== null}
          onClick={() => {
            view.closeAll();
            regenerate(view, message);
          }}
        >
          Regenerate
        </button>
      </div>
    </div>
  );
}
