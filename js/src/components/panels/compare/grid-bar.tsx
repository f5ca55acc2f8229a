// How far the rows are, and what is done with all of them.

import type { JSX } from "preact";
import type { ComparisonFacts } from "../../../comparison/model.ts";
import { counting, grouped, plural, roughDollars } from "../../format.ts";
import { Icon } from "../../icons.tsx";
import type { MenuItem } from "../../menu.tsx";
import { MenuButton } from "../../menu-button.tsx";
import { useView } from "../../view.ts";
import { openFrame } from "./frame-dialog.tsx";
import { openRename } from "./rename.tsx";
import type { CompareState } from "./state.ts";

interface GridBarProps {
  readonly state: CompareState;
  readonly facts: ComparisonFacts;
}

export function GridBar({ state, facts }: GridBarProps): JSX.Element {
  const view = useView();
  const { status, progress, elsewhere, rows, variants } = facts;
  const ended = progress.complete + progress.failed + progress.cancelled;
  const runs = status === "running";
  const asks = runs && progress.pausing !== true;
  const share = progress.total > 0 ? (100 * ended) / progress.total : 0;
  return (
    <>
      <span class="pgw-muted pgw-num pgw-bar__what">
        <span class="pgw-tag">{facts.name}</span>
        <span class="pgw-hide-s">
          {plural(rows.length, "row")} × {plural(variants.length, "variant")}
        </span>
      </span>
      <span class="pgw-spacer" />
      <span class="pgw-muted pgw-num pgw-bar__far">
        {(runs || canResume(status)) && (
          <span
            class="pgw-progress pgw-hide-s"
            role="progressbar"
            aria-label="Answers"
            aria-valuenow={ended}
            aria-valuemax={progress.total}
            style={{ "--v": `${share}%` }}
          />
        )}
        {progressText(facts)}
      </span>
      {(runs || canResume(status)) && (
        <button
          type="button"
          class="pgw-btn pgw-btn--line"
          disabled={!view.live.value || elsewhere}
          onClick={() =>
            void view.ask({
              type: "steer",
              comparison: facts.id,
              action: asks ? "pause" : "resume",
            })
          }
        >
          <Icon name={asks ? "pause" : "play"} small />
          {asks ? "Pause" : "Resume"}
        </button>
      )}
      <button
        type="button"
        class="pgw-btn pgw-btn--line"
        aria-haspopup="dialog"
        aria-label="To DataFrame"
        disabled={!view.live.value}
        onClick={(event) => openFrame(view, event.currentTarget)}
      >
        <Icon name="table" small />
        <span class="pgw-bar__label">To DataFrame</span>
      </button>
      <MenuButton
        icon="more"
        label="More about this comparison"
        width={240}
        items={() => gridItems(state, facts)}
      />
    </>
  );
}

const canResume = (status: ComparisonFacts["status"]) =>
  status === "paused" || status === "interrupted";

/** "97 of 144 · $0.031 · about 40 s left". */
function progressText({ progress, status }: ComparisonFacts): string {
  const { total, complete, failed, cancelled, cost, rate, left, pausing } = progress;
  const ended = complete + failed + cancelled;
  const running = status === "running" && pausing !== true;
  return [
    `${grouped(ended)} of ${grouped(total)}`,
    failed > 0 ? `${grouped(failed)} failed` : "",
    cost === undefined ? "" : roughDollars(cost),
    running && rate !== undefined && left === undefined ? `${rate.toFixed(1)} a second` : "",
    running && left !== undefined ? `about ${counting(Math.max(1, left))} left` : "",
    pausing ? `pausing, ${grouped(progress.running)} to end` : "",
    status === "paused" ? "paused" : "",
    status === "cancelled" ? "stopped" : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

function gridItems(state: CompareState, facts: ComparisonFacts): readonly MenuItem[] {
  const { view } = state;
  const { id, status, progress, elsewhere } = facts;
  const steer = (action: "cancel" | "retry_failed") => () =>
    void view.ask({ type: "steer", comparison: id, action });
  return [
    ...(progress.failed > 0 && !elsewhere
      ? [
          {
            label: "Try failed ones again",
            icon: "redo" as const,
            hint: String(progress.failed),
            run: steer("retry_failed"),
          },
        ]
      : []),
    ...(status === "running" && !elsewhere
      ? [{ label: "Stop", icon: "stop" as const, run: steer("cancel") }]
      : []),
    { label: "Rename", icon: "edit", run: () => openRename(view, facts) },
    "line",
    { label: "New grid", icon: "table", run: () => state.compose() },
    { label: "New comparison", icon: "plus", run: () => void state.close() },
  ];
}
