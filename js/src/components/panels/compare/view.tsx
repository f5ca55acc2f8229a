// Variants side by side: in columns, or as a grid of rows.

import type { JSX, TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { isNowhere } from "../../focus.ts";
import { useInside } from "../../hooks.ts";
import { isComposed } from "../../keys.ts";
import { useView } from "../../view.ts";
import { Bar, NarrowFoot } from "./bar.tsx";
import { Columns } from "./columns.tsx";
import { Grid } from "./grid.tsx";
import { NewGrid } from "./new-grid.tsx";
import { Notices } from "./notices.tsx";
import { PromptStrip } from "./prompt-strip.tsx";
import { type CompareState, compareState, type PartProps } from "./state.ts";

export function CompareView(): JSX.Element | null {
  const view = useView();
  const state = compareState(view);
  const facts = state.compared.shown.value?.facts.value;
  useLayoutEffect(() => state.settle(facts), [state, facts]);
  const draft = state.draft.value;
  return draft && <Shown state={state} draft={draft} facts={facts} />;
}

function Shown(parts: PartProps): JSX.Element {
  const { state, draft, facts } = parts;
  const place = useRef<HTMLElement>(null);
  const inside = useInside(place);
  // Its buttons come and go with what can be done.
  useLayoutEffect(() => {
    const section = place.current;
    if (section && inside.current && isNowhere(section)) section.focus({ preventScroll: true });
  });
  const mode = state.modeFor(facts);
  const rows = facts !== undefined && facts.columns.length > 0;
  return (
    <section
      ref={place}
      class="pgw-compare"
      aria-label="Compare"
      tabIndex={-1}
      onKeyDown={(event) => onKey(state, event)}
    >
      <Bar {...parts} mode={mode} />
      <Notices state={state} facts={facts} mode={mode} />
      {mode === "columns" && (
        <>
          <PromptStrip {...parts} />
          <Columns {...parts} />
          <NarrowFoot {...parts} />
        </>
      )}
      {mode === "grid" &&
        (facts && rows && !state.composing.value ? (
          <Grid key={facts.id} state={state} facts={facts} />
        ) : (
          <NewGrid state={state} draft={draft} back={rows} />
        ))}
    </section>
  );
}

function onKey(state: CompareState, event: TargetedKeyboardEvent<HTMLElement>): void {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || isComposed(event)) return;
  event.preventDefault();
  // Above rows the conversation is out of sight: a key must not ask about it.
  if (!state.showsRows()) void state.run();
}
