// How much of the context is used, and what the thread has cost. The ring opens a breakdown.

import type { JSX } from "preact";
import type { UsageTotals } from "../model.ts";
import { compact, grouped, roughDollars } from "./format.ts";
import { useView, type View } from "./view.ts";

/** The length of the ring, of radius 6. */
const AROUND = 37.7;
const HIGH = 0.75;

function share({ context, window }: UsageTotals): number {
  return window && context ? Math.min(1, context / window) : 0;
}

export function Ring({ usage }: { usage: UsageTotals }): JSX.Element {
  const used = share(usage);
  return (
    <svg class={`pgw-ring${used > HIGH ? " is-warn" : ""}`} viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="6" />
      {used > 0 && (
        <circle cx="8" cy="8" r="6" stroke-dasharray={`${(used * AROUND).toFixed(1)} ${AROUND}`} />
      )}
    </svg>
  );
}

/** "3.1k · $0.004"; without a cost where the price is not known. */
export function meterText({ context, cost }: UsageTotals): string {
  const tokens = compact(context ?? 0);
  return cost === null ? `${tokens} tokens` : `${tokens} · ${roughDollars(cost)}`;
}

export function Meter(): JSX.Element {
  const view = useView();
  const { usage } = view.store.settings.value;
  const text = meterText(usage);
  return (
    <button
      type="button"
      class="pgw-meter pgw-hide-s"
      aria-label={`Tokens and cost for this thread: ${text}`}
      title="Tokens and cost for this thread"
      aria-haspopup="dialog"
      aria-expanded="false"
      onClick={(event) => openUsage(view, event.currentTarget)}
    >
      <Ring usage={usage} />
      <span class="pgw-hide-m">{text}</span>
    </button>
  );
}

export function openUsage(view: View, opener: HTMLElement): void {
  view.openMenu(opener, "end", () => <UsageCard />);
}

function UsageCard(): JSX.Element {
  const view = useView();
  const { usage, connection } = view.store.settings.value;
  return (
    <div
      class="pgw-menu pgw-card"
      role="dialog"
      aria-label="Tokens and cost"
      tabIndex={-1}
      ref={(card: HTMLElement | null) => card?.focus({ preventScroll: true })}
      onKeyDown={(event) => {
        if (event.key !== "Tab") return;
        event.preventDefault();
        view.close();
      }}
    >
      <div class="pgw-card__top">
        <span>This thread</span>
        {usage.cost !== null && <span class="pgw-num">{roughDollars(usage.cost)}</span>}
      </div>
      <div
        class="pgw-fill"
        role="img"
        aria-label={`Context: ${Math.round(share(usage) * 100)}% used`}
      >
        <i class="pgw-part-1" style={{ width: `${(share(usage) * 100).toFixed(1)}%` }} />
      </div>
      <div class="pgw-legend">
        <span>Read {compact(usage.input_tokens)}</span>
        <span>Written {compact(usage.output_tokens)}</span>
      </div>
      <p>{usageWords(usage, connection.demo)}</p>
    </div>
  );
}

function usageWords({ context, window, cost }: UsageTotals, demo: boolean): string {
  if (!context) return "Nothing has been sent yet.";
  const size = window === null ? "" : ` of ${compact(window)}`;
  const tokens = `The last request and its answer took ${grouped(context)}${size} tokens.`;
  if (demo && !cost) return `${tokens} The demo model costs nothing.`;
  return cost === null
    ? `${tokens} The price of this model is not known.`
    : `${tokens} Prices as of the model list; your bill may differ.`;
}
