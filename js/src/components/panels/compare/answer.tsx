// An answer in its column: while it comes as it is rendered, then also as what differs from A's.

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { CompareDraft, VariantDraft } from "../../../comparison/draft.ts";
import type { ComparedCell, ComparisonFacts } from "../../../comparison/model.ts";
import type { Live } from "../../../store.ts";
import { MarkdownView } from "../../markdown-view.tsx";
import { ChangedText } from "../changed-text.tsx";
import { wordDiff } from "../word-diff.ts";
import { Declined, Failure, FoldedSteps, Misfit } from "./outcome.tsx";
import type { CompareState } from "./state.ts";

interface AnswerProps {
  readonly state: CompareState;
  readonly draft: CompareDraft;
  readonly facts: ComparisonFacts | undefined;
  readonly variant: VariantDraft;
  readonly hidden: number | null;
  readonly cell: ComparedCell | undefined;
}

export function Answer(props: AnswerProps): JSX.Element {
  const { state, draft, facts, variant, hidden, cell } = props;
  const comparison = state.compared.shown.value;
  if (!cell || !comparison) return <p class="pgw-muted">Not asked yet</p>;
  const { live } = comparison.cell(cell).value;
  const [first] = draft.variants;
  const base = first && first !== variant ? state.cellOf(first, cell.row) : undefined;
  switch (cell.status) {
    case "waiting":
      return facts?.status === "running" ? (
        <div role="img" aria-label="Waiting">
          <div class="pgw-skel" style={{ width: "86%" }} />
          <div class="pgw-skel" style={{ width: "52%" }} />
        </div>
      ) : (
        <p class="pgw-muted">Not asked yet</p>
      );
    case "running":
      return (
        <div aria-busy="true">
          <MarkdownView text={cell.output} live={live} caret />
          {live && <Wait live={live} />}
        </div>
      );
    case "failed":
      return (
        <>
          {hidden === null && <FoldedSteps cell={cell} />}
          {cell.output !== "" && <MarkdownView text={cell.output} />}
          <Failure facts={facts} cell={cell} />
        </>
      );
    case "cancelled":
      return (
        <>
          {hidden === null && <FoldedSteps cell={cell} />}
          {cell.output !== "" && <MarkdownView text={cell.output} />}
          <p class="pgw-muted">{cell.output === "" ? "Stopped" : "Stopped. What came is kept."}</p>
        </>
      );
    case "complete":
      return (
        <>
          {/* Which tools a variant has may give its name away. */}
          {hidden === null && <FoldedSteps cell={cell} />}
          <Declined cell={cell} />
          {state.changes.value && hidden === null && base?.status === "complete" ? (
            <Changes before={base.output} after={cell.output} />
          ) : (
            <MarkdownView text={cell.output} />
          )}
          <Misfit cell={cell} />
        </>
      );
  }
}

function Wait({ live }: { readonly live: Live }): JSX.Element | null {
  // Read so that it is shown again when words have come.
  live.version.value;
  if (live.firstTextAt !== null || live.parts.length > 0) return null;
  return <span class="pgw-live">Waiting for the first token</span>;
}

/** The answer as changes from another: as it was written, since changes may cut through markup. */
function Changes({ before, after }: { readonly before: string; readonly after: string }) {
  const runs = useMemo(() => wordDiff(before, after), [before, after]);
  if (before === after) {
    return (
      <>
        <MarkdownView text={after} />
        <p class="pgw-muted">The same as A</p>
      </>
    );
  }
  return (
    <div class="pgw-md pgw-diff" dir="auto">
      <ChangedText runs={runs} />
    </div>
  );
}
