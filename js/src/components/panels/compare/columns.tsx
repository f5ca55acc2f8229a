// A column for each variant, in an order that gives nothing away while the names are hidden.

import type { JSX, TargetedKeyboardEvent } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { barsOf } from "../../../comparison/bars.ts";
import { blindOrder } from "../../../comparison/blind.ts";
import type { CompareDraft } from "../../../comparison/draft.ts";
import type { ComparisonFacts } from "../../../comparison/model.ts";
import { tokensPerSecond } from "../../figures.ts";
import { useView } from "../../view.ts";
import { Column, figureText } from "./column.tsx";
import { ScrollTogether } from "./scroll-together.ts";
import type { PartProps } from "./state.ts";

export function Columns({ state, draft, facts }: PartProps): JSX.Element {
  const view = useView();
  const place = useRef<HTMLDivElement>(null);
  const scrolling = useMemo(() => new ScrollTogether(), []);
  const row = state.row.value;
  const cells = draft.variants.map((each) => state.cellOf(each, row));
  const bars = barsOf(cells, tokensPerSecond, figureText);
  const order = orderOf(draft, facts, row);
  const hidden = order !== undefined;
  const narrow = view.width.value > 0 && view.width.value < 480;
  const chosen = draft.variants.find(({ key }) => key === state.tab.value) ?? draft.variants[0];
  const shown = (order ?? draft.variants.map((_, i) => i)).filter(
    (i) => !narrow || draft.variants[i] === chosen,
  );

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    const body = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || !body.matches(".pgw-col__body")) return;
    const bodies = [...(place.current?.querySelectorAll<HTMLElement>(".pgw-col__body") ?? [])];
    const at = bodies.indexOf(body);
    if (event.key === "ArrowLeft") bodies[at - 1]?.focus();
    else if (event.key === "ArrowRight") bodies[at + 1]?.focus();
    else if (event.key.toLowerCase() === "w") {
      body.closest(".pgw-col")?.querySelector<HTMLElement>(".pgw-pick")?.click();
    } else return;
    event.preventDefault();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the columns in it
    <div
      ref={place}
      class="pgw-cols"
      onKeyDown={onKeyDown}
      onScrollCapture={({ target }) => {
        if (!state.together.value || !place.current) return;
        scrolling.follow(target as HTMLElement, place.current.querySelectorAll(".pgw-col__body"));
      }}
    >
      {shown.map((i, at) => {
        const variant = draft.variants[i];
        return (
          variant && (
            <Column
              key={variant.key}
              state={state}
              draft={draft}
              facts={facts}
              variant={variant}
              at={i}
              hidden={hidden ? at + 1 : null}
              bars={bars[i] ?? []}
            />
          )
        );
      })}
    </div>
  );
}

/** Where the variants stand while their names are hidden; undefined where they are not. */
function orderOf(
  draft: CompareDraft,
  facts: ComparisonFacts | undefined,
  row: number,
): readonly number[] | undefined {
  if (!draft.blind || !facts || draft.comparison !== facts.id) return undefined;
  if (facts.picks.some((pick) => pick.row === row)) return undefined;
  return blindOrder(facts.id, row, draft.variants.length);
}
