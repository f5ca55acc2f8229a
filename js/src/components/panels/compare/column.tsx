// One variant: what it is, its answer, and what that took.

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Bar } from "../../../comparison/bars.ts";
import { chipsOf } from "../../../comparison/chips.ts";
import {
  added,
  connectionLabel,
  isSame,
  letter,
  MOST_VARIANTS,
  removed,
  type VariantDraft,
} from "../../../comparison/draft.ts";
import type { ComparedCell } from "../../../comparison/model.ts";
import { parseUsed } from "../../../comparison/protocol.ts";
import { copyAndTell } from "../../clipboard.ts";
import { IconButton } from "../../controls.tsx";
import { dollars, grouped, rate, seconds } from "../../format.ts";
import { Icon } from "../../icons.tsx";
import type { MenuItem } from "../../menu.tsx";
import { MenuButton } from "../../menu-button.tsx";
import { showCompare } from "../../open-panel.tsx";
import { promptVersions } from "../../prompt-versions.ts";
import { useView } from "../../view.ts";
import { Answer } from "./answer.tsx";
import { SampleStep } from "./sample-step.tsx";
import type { PartProps } from "./state.ts";
import { openVariant } from "./variant-dialog.tsx";

interface ColumnProps extends PartProps {
  readonly variant: VariantDraft;
  /** Its number among the variants. */
  readonly at: number;
  /** What it is called while the names are hidden: its place, counted from 1. */
  readonly hidden: number | null;
  readonly bars: readonly Bar[];
}

export function Column(props: ColumnProps): JSX.Element {
  const { state, facts, variant, at, hidden } = props;
  const cell = state.cellOf(variant, state.row.value);
  const picked = facts?.picks.find((pick) => pick.row === state.row.value);
  const won =
    picked !== undefined && picked.variant === variant.of && picked.sample === cell?.sample;
  const name = hidden === null ? variant.name || `Variant ${letter(at)}` : "Hidden";
  const sign = hidden === null ? letter(at) : String(hidden);
  return (
    <section class={won ? "pgw-col is-winner" : "pgw-col"} aria-label={`Variant ${sign}: ${name}`}>
      <Head {...props} name={name} sign={sign} cell={cell} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
      <section class="pgw-col__body" aria-label={`Answer of ${sign}`} tabIndex={0}>
        <Answer {...props} cell={cell} />
      </section>
      <Foot {...props} cell={cell} won={won} />
    </section>
  );
}

type Shown = ColumnProps & { readonly cell: ComparedCell | undefined };

function Head(props: Shown & { readonly name: string; readonly sign: string }): JSX.Element {
  const { facts, variant, hidden, name, sign } = props;
  const view = useView();
  const { settings } = view.store;
  const asked = variant.of === null ? undefined : facts?.variants[variant.of];
  const stale = asked !== undefined && !isSame(variant, asked, settings.value);
  const wins = facts?.win_rates.find((each) => each.variant === asked?.name);
  return (
    <div class="pgw-col__head">
      <div class="pgw-col__name">
        <span class="pgw-letter">{sign}</span>
        <span class={hidden === null ? "" : "pgw-muted"}>{name}</span>
        <span class="pgw-spacer" />
        {hidden === null && (
          <>
            <IconButton
              icon="sliders"
              label={`Edit variant ${sign}`}
              title="Edit variant"
              aria-haspopup="dialog"
              onClick={(event) => openVariant(view, event.currentTarget, variant.key)}
            />
            <MenuButton
              icon="more"
              label={`More about variant ${sign}`}
              width={220}
              items={() => columnItems(props, view)}
            />
          </>
        )}
      </div>
      {hidden === null && (
        <div class="pgw-col__meta">
          <Chips {...props} />
          {stale && <span class="pgw-pill pgw-pill--warn">changed since it was asked</span>}
          {wins && wins.of > 0 && (
            <span class="pgw-pill">
              won {wins.wins} of {wins.of}
            </span>
          )}
        </div>
      )}
    </div>
  );
}

function Chips({ draft, variant }: ColumnProps): JSX.Element {
  const { settings, thread } = useView().store;
  const prompts = promptVersions(thread.value).map(({ text }) => text);
  const described = draft.variants.map((each) => ({
    ...each,
    connection: connectionLabel(each.connection, settings.value),
  }));
  const own = described[draft.variants.indexOf(variant)];
  const [base] = described;
  const several = new Set(described.map(({ connection }) => connection)).size > 1;
  if (!own || !base) return <span />;
  return (
    <>
      {chipsOf(own, base, prompts, several).map(({ text, differs }) => (
        <span key={text} class={differs ? "pgw-pill pgw-pill--diff" : "pgw-pill"} title={text}>
          {text}
        </span>
      ))}
    </>
  );
}

function Foot(props: Shown & { readonly won: boolean }): JSX.Element {
  const { state, facts, variant, hidden, bars, cell, won } = props;
  const view = useView();
  const { of } = variant;
  const asked = of !== null && facts !== undefined;
  const row = state.row.value;
  const ended = cell?.status === "complete";
  const pick = () => {
    if (!asked) return;
    const { id: comparison } = facts;
    const sample = state.sampleAt(row, of).peek();
    const given = won ? { variant: null } : { variant: of, sample };
    void view.ask({ type: "pick", comparison, row, ...given });
  };
  const words = useMemo(() => bars.map((bar) => [bar, barText(bar)] as const), [bars]);
  return (
    <div class="pgw-col__foot">
      {hidden === null && asked && (
        <div class="pgw-metrics">
          {words.map(([{ name, label, share, best, value }, text]) => [
            <span key={name}>{label}</span>,
            <i
              key={`${name} bar`}
              class={best ? "best" : ""}
              style={{ "--v": `${value === undefined ? 0 : share}%` }}
            />,
            <b key={`${name} figure`} class={best ? "best" : ""}>
              {text}
              {best && <span class="pgw-sr">, the best</span>}
            </b>,
          ])}
        </div>
      )}
      <div class="pgw-col__acts">
        {of !== null && asked && (
          <SampleStep shown={state.sampleAt(row, of)} samples={facts.samples} />
        )}
        <span class="pgw-spacer" />
        <IconButton
          icon="copy"
          label="Copy answer"
          small
          disabled={!cell?.output}
          onClick={() => void copyAndTell(view, cell?.output ?? "")}
        />
        <button
          type="button"
          class={`pgw-btn pgw-btn--s pgw-pick ${won ? "is-on" : "pgw-btn--line"}`}
          aria-pressed={won}
          aria-keyshortcuts="W"
          disabled={!ended || !view.live.value}
          onClick={pick}
        >
          {won && <Icon name="check" small />}
          {won ? "Winner" : "Pick"}
        </button>
      </div>
    </div>
  );
}

function barText({ name, value }: Bar): string {
  return value === undefined ? "–" : figureText(name, value);
}

export function figureText(name: Bar["name"], value: number): string {
  if (name === "first") return seconds(value);
  if (name === "speed") return `${rate(value)} tok/s`;
  if (name === "tokens") return grouped(value);
  return value === 0 ? "free" : dollars(value);
}

function columnItems(
  { state, draft, facts, variant, cell }: Shown,
  view: ReturnType<typeof useView>,
): readonly MenuItem[] {
  const use = async () => {
    if (!facts || !cell) return;
    const { row, variant: of, sample } = cell;
    const asked = { type: "use_answer", comparison: facts.id, row, variant: of, sample } as const;
    const message = await view.ask(asked, parseUsed);
    if (message === undefined) return;
    await showCompare(view, false);
    view.current.value = message;
    view.toast.value = { text: `The answer of “${variant.name}” is the next message now` };
  };
  return [
    ...(cell?.status === "complete"
      ? [
          { label: "Use as next message", icon: "after" as const, run: () => void use() },
          "line" as const,
        ]
      : []),
    ...(draft.variants.length < MOST_VARIANTS
      ? [
          {
            label: "Duplicate",
            icon: "copy" as const,
            run: () => state.change((old) => added(old, variant)),
          },
        ]
      : []),
    ...(draft.variants.length > 2
      ? [
          {
            label: "Remove",
            icon: "trash" as const,
            danger: true,
            run: () => state.change((old) => removed(old, variant.key)),
          },
        ]
      : [{ heading: "Two are the least that can be compared" }]),
  ];
}
