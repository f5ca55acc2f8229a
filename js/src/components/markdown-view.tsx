// The one place where components meet the markdown renderer. A growing answer is fed to it text
// by text, past the component tree: a delta costs one append and no rendering here.

import { effect } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { StreamingMarkdown } from "../markdown/index.ts";
import type { Live } from "../store.ts";
import { names } from "../variables.ts";
import { insertCells } from "./actions.ts";
import { CaretRest } from "./caret-rest.ts";
import { copyOrTell } from "./clipboard.ts";
import { cellOf } from "./content.ts";
import { Feed } from "./feed.ts";
import { loadHighlighter, loadMath } from "./modules.ts";
import { openVariable } from "./variable-card.tsx";
import { titleOf } from "./variables.tsx";
import { useView } from "./view.ts";

interface MarkdownViewProps {
  /** The text, when it is not (or no longer) growing. */
  readonly text: string;
  /** The growing answer and which of its parts this is. */
  readonly live?: Live | undefined;
  readonly part?: number;
  /** Whether the caret stands at the end of this text. */
  readonly caret?: boolean;
  /** Opens a block of code that all of the text is in. */
  readonly fence?: string;
  /** Whether its variables are marked. */
  readonly template?: boolean;
}

export function MarkdownView({
  text,
  live,
  part = 0,
  caret = false,
  fence = "",
  template = false,
}: MarkdownViewProps): JSX.Element {
  const view = useView();
  const element = useRef<HTMLDivElement>(null);
  const feed = useRef<Feed>(null);
  const rest = useRef<CaretRest>(null);
  const variables = useRef<ReadonlySet<string>>(new Set());
  variables.current = new Set(template ? names(text) : []);
  const growing = live !== undefined && caret;

  useLayoutEffect(() => {
    const container = element.current;
    if (!container) return;
    const controller = new AbortController();
    const { insertCells: takesCells } = view.host;
    const markdown = new StreamingMarkdown(container, {
      signal: controller.signal,
      loadMath: () => loadMath(view.store),
      loadHighlighter: () => loadHighlighter(view.store),
      onCopy: (code) => copyOrTell(view, code),
      ...(template
        ? {
            isVariable: (name: string) => variables.current.has(name),
            onVariable: (name: string, opener: HTMLElement) => openVariable(view, opener, name),
          }
        : {}),
      onFlush: () => {
        feed.current?.flushed();
        rest.current?.moved();
      },
      ...(takesCells
        ? {
            onInsert: (code: string, language: string) =>
              void insertCells(view, [cellOf(code, language)]),
          }
        : {}),
    });
    const made = new Feed(markdown, (lags) => {
      view.lagging.value += lags ? 1 : -1;
    });
    feed.current = made;
    return () => {
      controller.abort();
      made.close();
    };
  }, [view, template]);

  useLayoutEffect(() => {
    if (!live) {
      feed.current?.end(fence + text);
      return;
    }
    return effect(() => {
      live.version.value;
      feed.current?.grow(fence + (live.parts[part]?.text ?? ""));
    });
  }, [live, part, text, fence]);

  useLayoutEffect(() => {
    feed.current?.setCaret(growing);
    if (!element.current || !growing) return;
    const controller = new AbortController();
    rest.current = new CaretRest(element.current, controller.signal);
    rest.current.moved();
    return () => {
      controller.abort();
      rest.current = null;
    };
  }, [growing]);

  if (!template) return <div ref={element} class="pgw-md" dir="auto" />;
  // Its value is looked up when somebody points at it.
  const tell = ({ target }: Event) => {
    const mark = target instanceof Element ? target.closest<HTMLElement>(".pgw-var") : null;
    if (mark?.dataset.name) mark.title = titleOf(view, mark.dataset.name);
  };
  return <div ref={element} class="pgw-md" dir="auto" onPointerOver={tell} onFocusIn={tell} />;
}
