// What the answers below are answers to.

import type { JSX } from "preact";
import { added, MOST_VARIANTS } from "../../../comparison/draft.ts";
import type { ComparisonFacts } from "../../../comparison/model.ts";
import { startEdit } from "../../actions.ts";
import { besideText, plainText } from "../../content.ts";
import { IconButton } from "../../controls.tsx";
import { grouped } from "../../format.ts";
import { Icon, RoleMark } from "../../icons.tsx";
import { showCompare } from "../../open-panel.tsx";
import { useView } from "../../view.ts";
import type { CompareState, PartProps } from "./state.ts";

export function PromptStrip({ state, draft, facts }: PartProps): JSX.Element {
  const view = useView();
  const question = state.question();
  const asked = whatIsAsked(state, facts);
  const edit = () => {
    if (!question) return;
    void showCompare(view, false).then(() => startEdit(view, question));
  };
  const editable = question !== undefined && (facts?.columns.length ?? 0) === 0;
  return (
    <div class="pgw-prompt">
      <div class="pgw-role pgw-hide-s">
        <RoleMark of="user" />
        user
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long message is scrolled by key */}
      <section class="pgw-prompt__text" aria-label="Message" tabIndex={0}>
        {asked.text}
        {asked.text && asked.beside && " "}
        {asked.beside && <span class="pgw-muted">{asked.beside}</span>}
      </section>
      {facts && facts.rows.length > 1 && <RowStep state={state} facts={facts} />}
      {editable && (
        <button
          type="button"
          class="pgw-btn pgw-btn--s pgw-btn--quiet"
          aria-label="Edit the message"
          disabled={!view.writable.value}
          onClick={edit}
        >
          <Icon name="edit" small />
          <span class="pgw-hide-s">Edit</span>
        </button>
      )}
      {draft.variants.length < MOST_VARIANTS && (
        <button
          type="button"
          class="pgw-btn pgw-btn--s pgw-btn--line"
          aria-label="Add variant"
          onClick={() => state.change((old) => added(old))}
        >
          <Icon name="plus" small />
          <span class="pgw-hide-s">Add variant</span>
        </button>
      )}
    </div>
  );
}

interface Asked {
  readonly text: string;
  /** What stands beside the text. */
  readonly beside?: string;
}

/** The input of the row, the message that was asked about, or the one that would be. */
function whatIsAsked(state: CompareState, facts: ComparisonFacts | undefined): Asked {
  const row = facts?.rows.find(({ index }) => index === state.row.value);
  if (facts && facts.input !== null && row) return { text: cellText(row.data[facts.input]) };
  const message = facts?.messages.filter(({ role }) => role === "user").at(-1) ?? state.question();
  if (!message) return { text: "", beside: "Nothing to answer yet. Write a message in Chat." };
  return { text: plainText(message.content), beside: besideText(message.content) };
}

/** A value of a row, as people read it. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function RowStep({
  state,
  facts,
}: {
  readonly state: CompareState;
  readonly facts: ComparisonFacts;
}): JSX.Element {
  const at = facts.rows.findIndex(({ index }) => index === state.row.value);
  const to = (step: number) => {
    const next = facts.rows[at + step];
    if (next) state.row.value = next.index;
  };
  return (
    <span class="pgw-step">
      <IconButton
        icon="left"
        label="Previous row"
        small
        disabled={at <= 0}
        onClick={() => to(-1)}
      />
      <span class="pgw-num">
        row {grouped(at + 1)}/{grouped(facts.rows.length)}
      </span>
      <IconButton
        icon="right"
        label="Next row"
        small
        disabled={at >= facts.rows.length - 1}
        onClick={() => to(1)}
      />
    </span>
  );
}
