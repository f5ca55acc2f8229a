// Variants side by side: in columns, or as a grid of rows.

import type { JSX, TargetedKeyboardEvent } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { useView } from "../../view.ts";
import { Bar, NarrowFoot } from "./bar.tsx";
import { Columns } from "./columns.tsx";
import { Notices } from "./notices.tsx";
import { PromptStrip } from "./prompt-strip.tsx";
import { type CompareState, compareState } from "./state.ts";

export function CompareView(): JSX.Element | null {
  const view = useView();
  const state = compareState(view);
  const facts = state.compared.shown.value?.facts.value;
  useLayoutEffect(() => state.settle(facts), [state, facts]);
  const draft = state.draft.value;
  if (!draft) return null;
  return (
    <section class="pgw-compare" aria-label="Compare" onKeyDown={(event) => onKey(state, event)}>
      <Bar state={state} draft={draft} facts={facts} />
      <Notices state={state} facts={facts} />
      <PromptStrip state={state} draft={draft} facts={facts} />
      <Columns state={state} draft={draft} facts={facts} />
      <NarrowFoot state={state} draft={draft} facts={facts} />
    </section>
  );
}

function onKey(state: CompareState, event: TargetedKeyboardEvent<HTMLElement>): void {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  event.preventDefault();
  void state.run();
}
