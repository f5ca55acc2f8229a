// What all rows come to: the mean of each score, and what the answers took.

import type { JSX } from "preact";
import type { ComparisonFacts } from "../../../comparison/model.ts";
import { meanName, meansOf } from "../../../comparison/scores.ts";
import { roughDollars, seconds } from "../../format.ts";

export const footRows = ({ scorers }: ComparisonFacts): number => Math.max(1, scorers.length);

export function GridFoot({ facts }: { readonly facts: ComparisonFacts }): JSX.Element {
  const { scorers, summary, variants, rows } = facts;
  /** The head is the first row. */
  const first = rows.length + 2;
  const took = variants.map(({ name }) =>
    tookText(summary.find(({ variant }) => variant === name)),
  );
  if (scorers.length === 0) {
    return (
      <tfoot>
        <tr aria-rowindex={first}>
          <th scope="row">
            <b>Average time, all cost</b>
          </th>
          {took.map((text, i) => (
            <td key={i} class="pgw-num">
              {text}
            </td>
          ))}
        </tr>
      </tfoot>
    );
  }
  return (
    <tfoot>
      {scorers.map((scorer, at) => (
        <tr key={scorer.name} aria-rowindex={first + at}>
          <th scope="row">
            <b>{meanName(scorer)}</b>
            {at === 0 && <small>average time, all cost</small>}
          </th>
          {meansOf(scorer, summary, variants).map(({ variant, text, share, best, title }) => (
            <td key={variant} title={title}>
              <div class="pgw-grid__mean">
                <b class="pgw-num">{text ?? "–"}</b>
                <span
                  class={best ? "pgw-progress" : "pgw-progress pgw-progress--plain"}
                  style={{ "--v": `${share}%` }}
                />
              </div>
              {at === 0 && <small class="pgw-num">{took[variant]}</small>}
            </td>
          ))}
        </tr>
      ))}
    </tfoot>
  );
}

function tookText(summary: ComparisonFacts["summary"][number] | undefined): string {
  const { duration, cost } = summary ?? {};
  return [
    duration === undefined ? "" : seconds(duration),
    cost === undefined ? "" : cost === 0 ? "free" : roughDollars(cost),
  ]
    .filter(Boolean)
    .join(" · ");
}
