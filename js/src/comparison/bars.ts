// What answers took, as bars on one scale for each figure.

import type { Message } from "../model.ts";
import type { ComparedCell } from "./model.ts";

export interface Bar {
  readonly name: "first" | "speed" | "tokens" | "cost";
  readonly label: string;
  /** Undefined where it is not known. */
  readonly value: number | undefined;
  /** Per cent of the largest. */
  readonly share: number;
  readonly best: boolean;
}

type Timed = Pick<Message, "timing" | "usage">;

const FIGURES = [
  { name: "first", label: "First token", best: "least" },
  { name: "speed", label: "Speed", best: "most" },
  // Neither many nor few are better.
  { name: "tokens", label: "Tokens", best: null },
  { name: "cost", label: "Cost", best: "least" },
] as const;

/** Four bars for each cell; undefined stands for one that has not ended. */
export function barsOf(
  cells: readonly (ComparedCell | undefined)[],
  speed: (of: Timed) => number | undefined,
  /** The words for a figure: where they are the same, none is better than another. */
  say: (name: Bar["name"], value: number) => string,
): readonly (readonly Bar[])[] {
  const value = (cell: ComparedCell | undefined, name: Bar["name"]): number | undefined => {
    if (cell?.status !== "complete") return undefined;
    if (name === "first") return cell.timing?.first_token;
    if (name === "speed") return speed(cell);
    return name === "tokens" ? cell.usage?.output_tokens : cell.cost;
  };
  return cells.map((cell) =>
    FIGURES.map(({ name, label, best }) => {
      const known = cells.flatMap((each) => value(each, name) ?? []);
      const own = value(cell, name);
      const most = Math.max(...known);
      const wanted = best === "most" ? most : Math.min(...known);
      const said = new Set(known.map((each) => say(name, each)));
      const compares = best !== null && own !== undefined && said.size > 1;
      return {
        name,
        label,
        value: own,
        share: own === undefined || most <= 0 ? 0 : (100 * own) / most,
        best: compares && say(name, own) === say(name, wanted),
      };
    }),
  );
}
