// What opens and closes inside a message.

import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon, type IconName } from "./icons.tsx";

interface FoldProps {
  readonly head: ComponentChildren;
  readonly icon?: IconName;
  /** What stands at the end of the head. */
  readonly tail?: ComponentChildren;
  /** Name of what is inside, for a screen reader: it can be scrolled and so takes the focus. */
  readonly label: string;
  readonly text: string;
  readonly open?: boolean;
  /** It stands open, and what is given stands below what is inside. */
  readonly below?: ComponentChildren;
  readonly failed?: boolean;
}

export function Fold(props: FoldProps): JSX.Element {
  const { head, icon, tail, label, text, below, failed = false } = props;
  const [opened, setOpen] = useState(props.open ?? false);
  const fixed = below !== undefined;
  const open = fixed || opened;
  const line = (
    <>
      {!fixed && <Icon name={open ? "down" : "right"} small />}
      {icon && <Icon name={icon} small />}
      {head}
      <span class="pgw-spacer" />
      {tail}
    </>
  );
  return (
    <div class={failed ? "pgw-fold is-failed" : "pgw-fold"}>
      {fixed ? (
        <div class="pgw-fold__head">{line}</div>
      ) : (
        <button
          type="button"
          class="pgw-fold__head"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {line}
        </button>
      )}
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        <section class="pgw-fold__body" aria-label={label} tabIndex={0}>
          {text}
        </section>
      )}
      {below}
    </div>
  );
}
