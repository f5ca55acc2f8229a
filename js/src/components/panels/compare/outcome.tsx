// What an answer came to beside its words: the calls on the way to it, and what is wrong with it.

import type { JSX } from "preact";
import type { CellStep, ComparedCell, ComparisonFacts } from "../../../comparison/model.ts";
import { grouped, plural } from "../../format.ts";
import { Note } from "../../note.tsx";
import { paramName } from "../../param-names.ts";
import { CallEnd, CallFold, ResultFold } from "../../tools.tsx";
import { useView } from "../../view.ts";

/** The calls of tools, each with its result, closed. */
export function Steps({ cell }: { readonly cell: ComparedCell }): JSX.Element {
  return (
    <>
      {cell.steps?.map((step, i) => {
        const { name, arguments: json, error, duration } = step;
        return [
          <CallFold
            key={`call ${i}`}
            name={name}
            json={json}
            tail={
              <CallEnd time={duration} {...(error === undefined ? {} : { failure: "failed" })} />
            }
          />,
          <ResultFold
            key={`result ${i}`}
            name={name}
            text={resultText(step)}
            title={error === undefined ? undefined : `${name} failed`}
            failed={error !== undefined}
          />,
        ];
      })}
    </>
  );
}

/** The same behind one line, where answers stand side by side and are to start at the top. */
export function FoldedSteps({ cell }: { readonly cell: ComparedCell }): JSX.Element | null {
  const { steps = [] } = cell;
  if (steps.length === 0) return null;
  const failed = steps.filter(({ error }) => error !== undefined).length;
  return (
    <details class="pgw-calls">
      <summary>
        {plural(steps.length, "call")}
        {failed > 0 && `, ${failed} failed`}
      </summary>
      <Steps cell={cell} />
    </details>
  );
}

/** What the model was told, and why where that does not say it. */
function resultText({ result = "", error = "" }: CellStep): string {
  return [result.includes(error) ? "" : error, result].filter(Boolean).join("\n\n");
}

/** Stands above the words of a model that would not answer. */
export function Declined({ cell }: { readonly cell: ComparedCell }): JSX.Element | null {
  return cell.refused ? <p class="pgw-refusal">The model declined:</p> : null;
}

/** Why an answer does not fit the format that it was asked for in. */
export function Misfit({ cell }: { readonly cell: ComparedCell }): JSX.Element | null {
  if (cell.invalid === undefined) return null;
  return (
    <Note tone="warn" title="The answer does not fit its format">
      <p>{cell.invalid}</p>
    </Note>
  );
}

interface FailureProps {
  readonly facts: ComparisonFacts | undefined;
  readonly cell: ComparedCell;
}

/** Why there is no answer, and the way to ask once more. */
export function Failure({ facts, cell: { error } }: FailureProps): JSX.Element {
  const { title = "This failed", detail, kind, param } = error ?? {};
  return (
    <Note tone="error" title={title}>
      {detail && <p>{detail}</p>}
      {/* The plan of a comparison stays as it is: asked again, it would be refused again. */}
      {kind === "param_refused" && (
        <p>To ask without {paramName(param ?? "it")}, reset it in the variant, then run that.</p>
      )}
      {facts && !facts.elsewhere && kind !== "param_refused" && (
        <div class="pgw-note__acts">
          <TryAgain comparison={facts.id} failed={facts.progress.failed} />
        </div>
      )}
    </Note>
  );
}

interface TryAgainProps {
  readonly comparison: string;
  /** How many answers failed: all of them are asked for again, and the button says so. */
  readonly failed: number;
  readonly small?: boolean;
  readonly tabIndex?: number;
}

export function TryAgain({ comparison, failed, small, tabIndex = 0 }: TryAgainProps): JSX.Element {
  const view = useView();
  return (
    <button
      type="button"
      class={`pgw-btn ${small ? "pgw-btn--s " : ""}pgw-btn--line`}
      tabIndex={tabIndex}
      disabled={!view.live.value}
      onClick={() => void view.ask({ type: "steer", comparison, action: "retry_failed" })}
    >
      {failed > 1 ? `Try all ${grouped(failed)} again` : "Try again"}
    </button>
  );
}
