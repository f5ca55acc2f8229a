// Shows a long list a page at a time.

import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { grouped } from "../format.ts";

interface MoreButtonProps {
  /** How many are shown. */
  readonly shown: Signal<number>;
  /** How many there are. */
  readonly all: number;
  readonly page: number;
  /** What they are called, where that has to be said. */
  readonly name?: string;
}

export function MoreButton({ shown, all, page, name }: MoreButtonProps): JSX.Element | null {
  const rest = all - shown.value;
  if (rest <= 0) return null;
  return (
    <button
      type="button"
      class="pgw-btn pgw-btn--line"
      onClick={({ currentTarget }) => {
        // The button goes with the last of them.
        if (rest <= page) currentTarget.closest<HTMLElement>("section, article")?.focus();
        shown.value += page;
      }}
    >
      Show {grouped(Math.min(page, rest))} more of {grouped(rest)}
      {name && ` ${name}`}
    </button>
  );
}
