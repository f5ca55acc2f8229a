// What the model thought before it answered, closed until somebody wants to read it; and the
// line that stands where nothing has come yet.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Live } from "../store.ts";
import { counting, thinking } from "./format.ts";
import { useClock } from "./hooks.ts";
import { Icon } from "./icons.tsx";
import { MarkdownView } from "./markdown-view.tsx";

interface ThinkingProps {
  readonly text: string;
  readonly live?: Live | undefined;
  readonly part: number;
  /** Whether it is still going on. */
  readonly going: boolean;
  /** How long it took, in seconds, where that is known. */
  readonly time?: number | undefined;
  readonly tokens?: string | undefined;
}

export function Thinking({ text, live, part, going, time, tokens }: ThinkingProps): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="pgw-think" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name={open ? "down" : "right"} small />
        {going && live ? (
          <Shimmer word="Thinking" since={live.startedAt} />
        ) : (
          <>
            {time === undefined ? "Thought" : `Thought for ${thinking(time)}`}
            {tokens && <span class="pgw-num">· {tokens}</span>}
          </>
        )}
      </button>
      {open && (
        <div class="pgw-think__body">
          <MarkdownView text={text} live={live} part={part} />
        </div>
      )}
    </>
  );
}

/** Nothing has come yet. */
export function Waiting({ live }: { live: Live }): JSX.Element {
  return (
    <div class="pgw-think pgw-wait">
      <Shimmer word="Waiting" since={live.startedAt} />
    </div>
  );
}

function Shimmer({ word, since }: { word: string; since: number }): JSX.Element {
  const now = useClock(500, true);
  return (
    <>
      <span class="pgw-shimmer">{word}</span>
      <span class="pgw-num pgw-muted" aria-hidden="true">
        {counting((now - since) / 1000)}
      </span>
    </>
  );
}
