// One answer in full: what was asked, what came, what scorers said of it and why.

import type { JSX, TargetedKeyboardEvent } from "preact";
import { letter } from "../../../comparison/draft.ts";
import type { CellKey, ComparedCell, ComparisonFacts } from "../../../comparison/model.ts";
import { pillOf } from "../../../comparison/scores.ts";
import type { Message } from "../../../model.ts";
import { copyAndTell } from "../../clipboard.ts";
import { figures } from "../../figures.ts";
import { Icon } from "../../icons.tsx";
import { MarkdownView } from "../../markdown-view.tsx";
import type { View } from "../../view.ts";
import { Dialog, DialogBody } from "../dialog.tsx";
import { Declined, Failure, Misfit, Steps } from "./outcome.tsx";
import { cellText } from "./prompt-strip.tsx";
import { SampleStep, stepSample } from "./sample-step.tsx";
import { compareState } from "./state.ts";

/** What takes the left and right keys for itself. */
const SCROLLS = "pre, .pgw-fold__body, .pgw-code";

type Place = Omit<CellKey, "sample">;

export function openCell(view: View, opener: HTMLElement, of: Place): void {
  view.openDialog(opener, () => <CellDialog view={view} of={of} />);
}

interface DialogProps {
  readonly view: View;
  readonly of: Place;
}

function CellDialog({ view, of }: DialogProps): JSX.Element | null {
  const state = compareState(view);
  const shown = state.sampleAt(of.row, of.variant);
  const comparison = state.compared.shown.value;
  const facts = comparison?.facts.value;
  const variant = facts?.variants[of.variant];
  if (!comparison || !facts || !variant) return null;
  const { cell, live } = comparison.cell({ ...of, sample: shown.value }).value;
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
    if (ctrlKey || metaKey || altKey || shiftKey) return;
    if (key !== "ArrowLeft" && key !== "ArrowRight") return;
    // What is wider than its box is scrolled by the same keys.
    if ((event.target as HTMLElement).closest(SCROLLS)) return;
    event.preventDefault();
    stepSample(shown, facts.samples, key === "ArrowLeft" ? -1 : 1);
  };
  const title = `Row ${of.row}, ${letter(of.variant)} ${variant.name}`;
  return (
    <Dialog view={view} name={title} class="pgw-dialog--wide" closeFirst onKeyDown={onKeyDown}>
      <DialogBody label="Question and answer" class="pgw-answer">
        <Input facts={facts} row={of.row} />
        <section aria-label="Answer">
          {cell.status === "waiting" && <p class="pgw-muted">Not asked yet</p>}
          <Steps cell={cell} />
          <Declined cell={cell} />
          {(cell.output !== "" || live) && (
            <MarkdownView text={cell.output} live={live} caret={live !== undefined} />
          )}
          {cell.error && <Failure facts={facts} cell={cell} />}
          <Misfit cell={cell} />
        </section>
        <Scores facts={facts} cell={cell} />
        <Facts cell={cell} />
      </DialogBody>
      <div class="pgw-dialog__foot">
        <SampleStep shown={shown} samples={facts.samples} keys />
        <span class="pgw-spacer" />
        <button
          type="button"
          class="pgw-btn pgw-btn--line"
          disabled={cell.output === ""}
          onClick={() => void copyAndTell(view, cell.output)}
        >
          <Icon name="copy" small />
          Copy
        </button>
      </div>
    </Dialog>
  );
}

function Input({ facts, row }: { readonly facts: ComparisonFacts; readonly row: number }) {
  const data = facts.rows.find(({ index }) => index === row)?.data ?? {};
  if (facts.columns.length === 0) return null;
  return (
    <dl class="pgw-facts">
      {facts.columns.map((name) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{cellText(data[name])}</dd>
        </div>
      ))}
    </dl>
  );
}

function Scores({ facts, cell }: { readonly facts: ComparisonFacts; readonly cell: ComparedCell }) {
  const said = facts.scorers.filter(({ name }) => cell.scores[name]);
  if (said.length === 0) return null;
  return (
    <section aria-label="Scores" class="pgw-scores">
      {said.map((scorer) => {
        const score = cell.scores[scorer.name] ?? {};
        const { tone, text } = pillOf(scorer, score);
        return (
          <div key={scorer.name}>
            <span class={tone === "plain" ? "pgw-pill" : `pgw-pill pgw-pill--${tone}`}>{text}</span>
            <p>{score.error ?? score.reason ?? scorer.name}</p>
            {scorer.prompt !== undefined && (
              <details>
                <summary>What the judge was asked</summary>
                <pre>{scorer.prompt}</pre>
              </details>
            )}
          </div>
        );
      })}
    </section>
  );
}

function Facts({ cell }: { readonly cell: ComparedCell }): JSX.Element | null {
  const { model, request_id } = cell;
  const shown = figures(cell as Partial<Message> as Message).map(({ strong, text }) =>
    [strong, text].filter(Boolean).join(" "),
  );
  const named = [
    ["Model", model],
    ["Took", shown.join(" · ")],
    ["Request", request_id],
  ].filter(([, value]) => value);
  if (named.length === 0) return null;
  return (
    <dl class="pgw-facts">
      {named.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class={name === "Request" ? "pgw-mono" : ""}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
