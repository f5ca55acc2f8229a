// Rows by variants. Rows come in groups, and only those near what is in sight are in the page.

import { type ReadonlySignal, useComputed, useSignal } from "@preact/signals";
import type { JSX, TargetedKeyboardEvent } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { letter } from "../../../comparison/draft.ts";
import type { ComparedRow, ComparisonFacts } from "../../../comparison/model.ts";
import { useLifetime } from "../../hooks.ts";
import { memo } from "../../memo.ts";
import { useView } from "../../view.ts";
import { openCell } from "./cell-dialog.tsx";
import { GridCell } from "./grid-cell.tsx";
import { footRows, GridFoot } from "./grid-foot.tsx";
import { gridMove, type Place } from "./grid-keys.ts";
import { cellText } from "./prompt-strip.tsx";
import type { CompareState } from "./state.ts";

/** How many rows come and go together, and how high one is about, in CSS pixels. */
const GROUP = 10;
const ROW = 84;
/** How far out of sight they are still there. */
const AHEAD = 800;

interface GridProps {
  readonly state: CompareState;
  readonly facts: ComparisonFacts;
}

export function Grid({ state, facts }: GridProps): JSX.Element {
  const view = useView();
  const { rows, variants, input } = facts;
  const table = useRef<HTMLTableElement>(null);
  const at = useSignal<Place>({ row: 0, column: 0 });
  const current = useComputed(() => Math.floor(at.value.row / GROUP));
  // The same as long as what the rows show is the same, so that progress renders none of them.
  const shape = useMemo(() => facts, [rows, variants, facts.scorers]);
  const groups = Array.from({ length: Math.ceil(rows.length / GROUP) }, (_, i) => i);

  const focusCurrent = () => {
    const cell = cellAt(table.current, at.peek());
    cell?.focus({ preventScroll: true });
    cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
    return cell !== undefined;
  };
  /** At once, since the next key may come before the next frame; but its row may have to come first. */
  const focus = (place: Place) => {
    at.value = place;
    if (!focusCurrent()) requestAnimationFrame(focusCurrent);
  };
  const open = ({ row, column }: Place, opener: HTMLElement) => {
    const found = rows[row];
    if (found) openCell(view, opener, { row: found.index, variant: column });
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    const cell = event.target as HTMLElement;
    if (!cell.matches("td")) return;
    const from = at.peek();
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) open(from, cell);
    else {
      const to = gridMove(event, from, rows.length, variants.length);
      if (!to) return;
      focus(to);
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const columns = { "--pgw-n": String(variants.length) };
  return (
    <div class="pgw-gridwrap">
      <table
        ref={table}
        class="pgw-grid"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: arrows move between its cells
        role="grid"
        aria-label={`Answers of ${facts.name}`}
        aria-rowcount={rows.length + 1 + footRows(facts)}
        style={columns}
        onKeyDown={onKeyDown}
        onFocusIn={({ target }) => {
          const cell = (target as HTMLElement).closest<HTMLElement>("td");
          if (!cell?.dataset.column) return;
          for (const before of table.current?.querySelectorAll<HTMLElement>("td[tabindex='0']") ??
            []) {
            before.tabIndex = -1;
          }
          cell.tabIndex = 0;
          at.value = { row: Number(cell.dataset.row), column: Number(cell.dataset.column) };
        }}
        onClick={({ target }) => {
          const element = target as HTMLElement;
          const cell = element.closest<HTMLElement>("td");
          if (!cell?.dataset.column) return;
          // Also from a button in it, so that the keys of the grid go on from there.
          cell.focus({ preventScroll: true });
          if (!element.closest("button")) open(at.peek(), cell);
        }}
      >
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">
              <span class="pgw-tag">{input ?? facts.columns[0] ?? "row"}</span>
              <span class="pgw-muted">input</span>
            </th>
            {variants.map(({ name, model }, i) => (
              <th key={i} scope="col">
                <div class="pgw-grid__name">
                  <span class="pgw-letter">{letter(i)}</span>
                  <b>{name}</b>
                  <span class="pgw-spacer" />
                  <span class="pgw-muted">{model}</span>
                </div>
              </th>
            ))}
          </tr>
        </thead>
        {groups.map((group) => (
          <Group key={group} group={group} current={current} at={at} state={state} facts={shape} />
        ))}
        <GridFoot facts={facts} />
      </table>
    </div>
  );
}

function cellAt(table: HTMLElement | null, { row, column }: Place): HTMLElement | undefined {
  const found = table?.querySelector(`td[data-row="${row}"][data-column="${column}"]`);
  return (found as HTMLElement | null) ?? undefined;
}

interface GroupProps extends GridProps {
  readonly group: number;
  /** The group that the current cell is in: it stays. */
  readonly current: ReadonlySignal<number>;
  readonly at: ReadonlySignal<Place>;
}

const Group = memo(function Group(props: GroupProps): JSX.Element {
  const { group, current, at, state, facts } = props;
  const rows = facts.rows.slice(group * GROUP, (group + 1) * GROUP);
  const body = useRef<HTMLTableSectionElement>(null);
  const near = useSignal(group < 3);
  const height = useRef(ROW * rows.length);
  useLifetime((signal) => {
    const element = body.current;
    const window = element?.ownerDocument.defaultView;
    if (!element || !window || !("IntersectionObserver" in window)) {
      near.value = true;
      return;
    }
    const observer = new window.IntersectionObserver(
      ([entry]) => {
        if (!entry) return;
        if (!entry.isIntersecting && near.peek()) height.current = element.offsetHeight;
        near.value = entry.isIntersecting;
      },
      { root: element.closest(".pgw-gridwrap"), rootMargin: `${AHEAD}px 0px` },
    );
    observer.observe(element);
    signal.addEventListener("abort", () => observer.disconnect());
  }, []);
  const shown = useComputed(() => near.value || current.value === group).value;
  if (!shown) return <tbody ref={body} style={{ height: `${height.current}px` }} />;
  return (
    <tbody ref={body}>
      {rows.map((row, i) => (
        <Row
          key={row.index}
          state={state}
          facts={facts}
          row={row}
          at={group * GROUP + i}
          stop={at.peek()}
        />
      ))}
    </tbody>
  );
});

interface RowProps extends GridProps {
  readonly row: ComparedRow;
  readonly at: number;
  /** The cell that Tab goes to when it is made. */
  readonly stop: Place;
}

function Row({ state, facts, row, at, stop }: RowProps): JSX.Element {
  const input = facts.input ?? facts.columns[0] ?? "";
  const others = facts.columns.filter((name) => name !== input);
  const text = input === "" ? "The conversation" : cellText(row.data[input]);
  return (
    <tr aria-rowindex={at + 2}>
      <th scope="row">
        <span class="pgw-clamp" title={text}>
          <span class="pgw-grid__index">{row.index}</span>
          {text}
        </span>
        {others.length > 0 && (
          <div class="pgw-grid__meta">
            {others.map((name) => (
              <span key={name} title={cellText(row.data[name])}>
                {name} <span class="pgw-mono">{cellText(row.data[name])}</span>
              </span>
            ))}
          </div>
        )}
      </th>
      {facts.variants.map((_, column) => (
        <GridCell
          key={column}
          state={state}
          row={row.index}
          at={at}
          column={column}
          stop={stop.row === at && stop.column === column}
        />
      ))}
    </tr>
  );
}
