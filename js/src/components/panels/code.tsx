// Code that is shown and not written: highlighted when the colours have come.

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { CodeView } from "../../markdown/index.ts";
import { loadHighlighter } from "../modules.ts";
import { useView } from "../view.ts";

export interface CodeProps {
  readonly text: string;
  readonly language: string;
}

export function Code({ text, language }: CodeProps): JSX.Element {
  const view = useView();
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!place.current) return;
    const code = new CodeView(place.current.ownerDocument, language, {
      insertable: false,
      bar: false,
      loadHighlighter: () => loadHighlighter(view.store),
    });
    code.append(text);
    code.close();
    place.current.replaceChildren(code.element);
    return () => code.dispose();
  }, [view, text, language]);
  return <div ref={place} />;
}
