// Why an answer does not fit the format it was asked for in, and what can be done.

import type { JSX } from "preact";
import type { Message } from "../model.ts";
import { reask, regenerate } from "./actions.ts";
import { Note } from "./note.tsx";
import { useView } from "./view.ts";

export function InvalidNote({ message }: { message: Message }): JSX.Element {
  const view = useView();
  return (
    <Note tone="warn" title="The answer does not fit its format">
      <p>{message.invalid}</p>
      {view.writable.value && view.running.value === null && (
        <div class="pgw-note__acts">
          <button type="button" class="pgw-btn pgw-btn--line" onClick={() => reask(view, message)}>
            Ask again with the reason
          </button>
          <button
            type="button"
            class="pgw-btn pgw-btn--quiet"
            onClick={() => regenerate(view, message)}
          >
            Regenerate
          </button>
        </div>
      )}
    </Note>
  );
}
