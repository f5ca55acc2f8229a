// One answer in the grid: enough of it to see what it says, and what was said of it.

import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import type { ComparedCell } from "../../../comparison/model.ts";
import { pillOf } from "../../../comparison/scores.ts";
import type { Live } from "../../../store.ts";
import { dollars, plural } from "../../format.ts";
import { Icon } from "../../icons.tsx";
import { memo } from "../../memo.ts";
import { TryAgain } from "./outcome.tsx";
import { SampleStep } from "./sample-step.tsx";
import type { CompareState } from "./state.ts";

/** More than two lines of any width can show. */
const SHOWN = 400;

interface CellProps {
  readonly state: CompareState;
  /** In the comparison. */
  readonly row: number;
  /** In the table. */
  readonly at: number;
  readonly column: number;
  readonly stop: boolean;
}

export const GridCell = memo(function GridCell(props: CellProps): JSX.Element | null {
  const { state, row, at, column, stop } = props;
  const comparison = state.compared.shown.value;
  if (!comparison) return null;
  const sample = state.sampleAt(row, column);
  const { cell, live } = comparison.cell({ row, variant: column, sample: sample.value }).value;
  const { samples } = comparison.facts.peek();
  const step = <SampleStep shown={sample} samples={samples} brief tabIndex={-1} />;
  const place = { "data-row": at, "data-column": column, tabIndex: stop ? 0 : -1 };
  switch (cell.status) {
    case "waiting":
      return (
        <td {...place} aria-label="Waiting">
          <div class="pgw-skel" style={{ width: "86%" }} />
          <div class="pgw-skel" style={{ width: "52%" }} />
          {samples > 1 && <div class="pgw-grid__meta">{step}</div>}
        </td>
      );
    case "running":
      return (
        <td {...place} aria-busy="true">
          {live && <Words live={live} />}
          <div class="pgw-grid__meta">
            <span class="pgw-live">Writing</span>
            {step}
          </div>
        </td>
      );
    case "failed":
      return (
        <td {...place}>
          <Failed state={state} cell={cell} comparison={comparison.id} step={step} />
        </td>
      );
    default:
      return (
        <td {...place}>
          <div class="pgw-clamp">{cell.output.slice(0, SHOWN)}</div>
          <Said state={state} cell={cell} step={step} />
        </td>
      );
  }
});

function Words({ live }: { readonly live: Live }): JSX.Element {
  live.version.value;
  const text = live.parts[0]?.text ?? "";
  return (
    <div class="pgw-clamp pgw-md" dir="auto">
      {text.slice(0, SHOWN)}
      <span class="pgw-caret" />
    </div>
  );
}

interface SaidProps {
  readonly state: CompareState;
  readonly cell: ComparedCell;
  /** To the other samples. */
  readonly step: JSX.Element;
}

function Said({ state, cell, step }: SaidProps): JSX.Element {
  const facts = state.compared.shown.value?.facts.peek();
  const { timing, cost, scores, steps } = cell;
  const calls = steps?.length ?? 0;
  return (
    <div class="pgw-grid__meta">
      {cell.status === "cancelled" && <span>Stopped</span>}
      {cell.refused && <span class="pgw-pill">declined</span>}
      {cell.invalid !== undefined && <span class="pgw-pill pgw-pill--warn">wrong format</span>}
      {facts?.scorers.map((scorer) => {
        const score = scores[scorer.name];
        if (!score) return null;
        const { tone, text } = pillOf(scorer, score);
        return (
          <span
            key={scorer.name}
            class={tone === "plain" ? "pgw-pill" : `pgw-pill pgw-pill--${tone}`}
          >
            {text}
          </span>
        );
      })}
      {calls > 0 && <span>{plural(calls, "call")}</span>}
      {timing && <span>{shortTime(timing.duration)}</span>}
      {cost !== undefined && <span>{cost === 0 ? "free" : dollars(cost)}</span>}
      {step}
    </div>
  );
}

/** 0.52 → "0.5 s". */
const shortTime = (time: number): string => `${time < 9.95 ? time.toFixed(1) : Math.round(time)} s`;

interface FailedProps {
  readonly state: CompareState;
  readonly cell: ComparedCell;
  readonly comparison: string;
  readonly step: JSX.Element;
}

function Failed({ state, cell, comparison, step }: FailedProps): JSX.Element {
  const { shown } = state.compared;
  const failed = useComputed(() => shown.value?.facts.value.progress.failed ?? 0).value;
  return (
    <>
      <div class="pgw-grid__failed">
        <Icon name="alert" small />
        <span>{cell.error?.title ?? "This failed"}</span>
      </div>
      <div class="pgw-grid__meta">
        {/* Refused parameters would be refused again. */}
        {cell.error?.kind !== "param_refused" && (
          <TryAgain comparison={comparison} failed={failed} small tabIndex={-1} />
        )}
        {step}
      </div>
    </>
  );
}
