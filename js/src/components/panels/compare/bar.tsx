// What is done with all variants at once.

import type { JSX } from "preact";
import { letter, MOST_SAMPLES } from "../../../comparison/draft.ts";
import { besideText, plainText } from "../../content.ts";
import { Kbd } from "../../controls.tsx";
import { plural } from "../../format.ts";
import { Icon } from "../../icons.tsx";
import type { MenuItem } from "../../menu.tsx";
import { MenuButton } from "../../menu-button.tsx";
import { useView } from "../../view.ts";
import { GridBar } from "./grid-bar.tsx";
import { openRename } from "./rename.tsx";
import type { CompareState, PartProps } from "./state.ts";
import { Switch } from "./switch.tsx";

export function Bar(props: PartProps & { readonly mode: "columns" | "grid" }): JSX.Element {
  const { state, mode, facts } = props;
  const grid = mode === "grid" && facts && facts.columns.length > 0 && !state.composing.value;
  return (
    <div class="pgw-bar">
      <ModeSwitch state={state} mode={mode} />
      {grid && <GridBar state={state} facts={facts} />}
      {mode === "columns" && <ColumnsBar {...props} />}
    </div>
  );
}

function ModeSwitch({
  state,
  mode,
}: {
  readonly state: CompareState;
  readonly mode: "columns" | "grid";
}): JSX.Element {
  const choice = (label: string, icon: "columns" | "grid", value: "columns" | "grid") => (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={mode === value}
      onClick={() => {
        state.mode.value = value;
      }}
    >
      <Icon name={icon} small />
      <span class="pgw-bar__label">{label}</span>
    </button>
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is a box of form fields
    <div class="pgw-seg pgw-modes" role="group" aria-label="Layout">
      {choice("Columns", "columns", "columns")}
      {choice("Grid", "grid", "grid")}
    </div>
  );
}

function ColumnsBar(props: PartProps): JSX.Element {
  const { state, draft } = props;
  return (
    <>
      <VariantTabs {...props} />
      <span class="pgw-spacer" />
      <span class="pgw-hide-s pgw-bar__switch">
        <Switch label="Scroll together" on={state.together} />
      </span>
      <span class="pgw-hide-s pgw-bar__switch">
        <Switch label="Show changes from A" on={state.changes} />
      </span>
      <span class="pgw-head__sep pgw-bar__switch" />
      <Samples state={state} draft={draft} />
      <span class="pgw-hide-s">
        <RunAll {...props} />
      </span>
      <MenuButton
        icon="more"
        label="More about this comparison"
        width={256}
        items={() => moreItems(props)}
      />
    </>
  );
}

/** At the end, where there is room for one variant only. */
export function NarrowFoot(props: PartProps): JSX.Element {
  return (
    <div class="pgw-bar pgw-bar--foot pgw-only-s">
      <Switch label="Changes from A" on={props.state.changes} />
      <span class="pgw-spacer" />
      <RunAll {...props} />
    </div>
  );
}

/** Where there is room for one variant only: which one. */
function VariantTabs({ state, draft }: PartProps): JSX.Element {
  const chosen = draft.variants.find(({ key }) => key === state.tab.value) ?? draft.variants[0];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is a box of form fields
    <div class="pgw-seg pgw-seg--fill pgw-only-s" role="group" aria-label="Variant">
      {draft.variants.map((each, i) => (
        <button
          key={each.key}
          type="button"
          aria-pressed={each === chosen}
          onClick={() => {
            state.tab.value = each.key;
          }}
        >
          <span>{`${letter(i)} ${each.name}`}</span>
        </button>
      ))}
    </div>
  );
}

function Samples({ state, draft }: Pick<PartProps, "state" | "draft">): JSX.Element {
  const { samples } = draft;
  const to = (count: number) => state.change((old) => ({ ...old, samples: count }));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is a box of form fields
    <span class="pgw-stepper" role="group" aria-label="Samples per variant">
      <button
        type="button"
        aria-label="Fewer samples"
        disabled={samples <= 1}
        onClick={() => to(samples - 1)}
      >
        <Icon name="minus" small />
      </button>
      <span aria-live="polite">{plural(samples, "sample")}</span>
      <button
        type="button"
        aria-label="More samples"
        disabled={samples >= MOST_SAMPLES}
        onClick={() => to(samples + 1)}
      >
        <Icon name="plus" small />
      </button>
    </span>
  );
}

/** How much of a message a tooltip has, in characters. */
const QUOTED = 80;

function RunAll({ state, facts }: PartProps): JSX.Element {
  const view = useView();
  const { id = "", status, elsewhere } = facts ?? {};
  if (status === "running" && !elsewhere) {
    return (
      <button
        type="button"
        class="pgw-btn pgw-btn--line"
        disabled={!view.live.value}
        onClick={() => void view.ask({ type: "steer", comparison: id, action: "cancel" })}
      >
        <Icon name="stop" small />
        Stop
      </button>
    );
  }
  const question = state.question();
  const asked = question && (plainText(question.content) || besideText(question.content));
  const run = {
    type: "button",
    disabled: !view.live.value || !question,
    onClick: () => void state.run(),
  } as const;
  // What stands above the button is no row of what it would ask, so it has no key and says more.
  if (state.showsRows()) {
    return (
      <button
        {...run}
        class="pgw-btn pgw-btn--line"
        title={
          asked === undefined
            ? "The conversation has no message to answer yet"
            : `A new comparison asks the variants “${asked.slice(0, QUOTED)}”, not this row. The answers to rows are kept.`
        }
      >
        Ask the conversation
      </button>
    );
  }
  return (
    <button
      {...run}
      class="pgw-btn pgw-btn--primary"
      aria-keyshortcuts="Control+Enter Meta+Enter"
      title={asked && `Asks each variant “${asked}”`}
    >
      Run all
      <Kbd>Ctrl ↵</Kbd>
    </button>
  );
}

function moreItems({ state, draft, facts }: PartProps): readonly MenuItem[] {
  const choice = (label: string, on: { value: boolean }) => ({
    label,
    checked: on.value,
    run: () => {
      on.value = !on.value;
    },
  });
  return [
    choice("Scroll together", state.together),
    choice("Show changes from A", state.changes),
    {
      label: "Hide names until one is picked",
      checked: draft.blind,
      run: () => state.change((old) => ({ ...old, blind: !old.blind })),
    },
    ...(facts
      ? [
          "line" as const,
          {
            label: "Rename",
            icon: "edit" as const,
            run: () => openRename(state.view, facts),
          },
          ...(state.showsRows()
            ? [{ label: "New grid", icon: "table" as const, run: () => state.compose() }]
            : []),
          { label: "New comparison", icon: "plus" as const, run: () => void state.close() },
        ]
      : []),
  ];
}
