// What stands in for the controls when there is no kernel to take them.

import type { JSX } from "preact";
import { plural, roughDollars } from "./format.ts";
import { Icon } from "./icons.tsx";
import { useView } from "./view.ts";

export function LostNote(): JSX.Element {
  return (
    <div class="pgw-note pgw-note--warn pgw-note--frame" role="alert">
      <Icon name="alert" />
      <div class="pgw-note__body">
        <h3>The kernel stopped</h3>
        <p>
          What you see here stays until the page is closed or the cell runs again. Copy what you
          want to keep.
        </p>
      </div>
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
