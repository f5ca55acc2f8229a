// What has to be known about a comparison as a whole, one line each.

import type { JSX } from "preact";
import type { ComparisonFacts } from "../../../comparison/model.ts";
import { Icon } from "../../icons.tsx";
import { useView } from "../../view.ts";
import type { CompareState } from "./state.ts";

interface NoticesProps {
  readonly state: CompareState;
  readonly facts: ComparisonFacts | undefined;
  /** Columns, or a grid: the bar above has a button of its own for Resume. */
  readonly mode: "columns" | "grid";
}

export function Notices({ state, facts, mode }: NoticesProps): JSX.Element | null {
  const view = useView();
  const error = state.compared.error.value;
  const { status, reason, elsewhere } = facts ?? {};
  const resumable =
    mode === "columns" && !elsewhere && (status === "paused" || status === "interrupted");
  const text = error || words(facts);
  if (text === "") return null;
  return (
    <div class={`pgw-notice${error || reason ? " pgw-notice--warn" : ""}`} role="status">
      <Icon name="alert" small />
      <p>{text}</p>
      {facts && resumable && (
        <button
          type="button"
          class="pgw-btn pgw-btn--s pgw-btn--line"
          disabled={!view.live.value}
          onClick={() => void view.ask({ type: "steer", comparison: facts.id, action: "resume" })}
        >
          Resume
        </button>
      )}
    </div>
  );
}

function words(facts: ComparisonFacts | undefined): string {
  if (!facts) return "";
  if (facts.elsewhere)
    return "Another notebook or page runs this. It is shown as it was last kept.";
  if (facts.reason) return facts.reason;
  if (facts.status === "interrupted") return "What ran this has stopped. What came is kept.";
  return "";
}
