// The box a text is written in: its area grows with the text. The composer, an edit and an
// insertion differ in what stands below it.

import type { ComponentChildren, JSX, TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface DraftAreaProps {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onKeyDown: (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => void;
  readonly placeholder?: string;
  /** Takes the focus when it appears, with the caret at the end. */
  readonly focus?: boolean;
  readonly disabled?: boolean;
  /** While what is written is on its way: more of it would be lost. */
  readonly readOnly?: boolean;
  readonly name: string;
}

export function DraftArea({ label, text, onText, focus, name, ...rest }: DraftAreaProps) {
  const area = useRef<HTMLTextAreaElement>(null);

  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = "auto";
    // Zero while the notebook has not laid it out yet: the style sheet's least height holds then.
    if (element.scrollHeight > 0) element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  // At once: what is done next may move the focus elsewhere, and must find it moved already.
  useLayoutEffect(() => {
    if (!focus) return;
    area.current?.focus();
    area.current?.setSelectionRange(area.current.value.length, area.current.value.length);
  }, [focus]);

  return (
    <textarea
      ref={area}
      rows={1}
      dir="auto"
      name={name}
      aria-label={label}
      value={text}
      onInput={(event) => onText(event.currentTarget.value)}
      {...rest}
    />
  );
}

export function Hint({ children }: { children: ComponentChildren }): JSX.Element {
  return <span class="pgw-box__hint">{children}</span>;
}
