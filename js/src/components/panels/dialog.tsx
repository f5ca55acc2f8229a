// The shape that dialogs share: a head with a title and Close, a body that scrolls.

import type { ComponentChildren, JSX, TargetedKeyboardEvent } from "preact";
import { IconButton } from "../controls.tsx";
import type { View } from "../view.ts";

interface DialogProps {
  readonly view: View;
  /** What the dialog is called. */
  readonly name: string;
  /** What its head says, where that is more. */
  readonly title?: string;
  readonly class?: string;
  /** In its head, beside the title. */
  readonly beside?: ComponentChildren;
  /** Nothing in it can be done, so that the focus begins on Close. */
  readonly closeFirst?: boolean;
  readonly onKeyDown?: (event: TargetedKeyboardEvent<HTMLElement>) => void;
  readonly children: ComponentChildren;
}

export function Dialog(props: DialogProps): JSX.Element {
  const { view, name, title = name, beside, closeFirst = false, onKeyDown, children } = props;
  return (
    <div
      class={props.class ? `pgw-dialog ${props.class}` : "pgw-dialog"}
      role="dialog"
      aria-modal="true"
      aria-label={name}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <div class="pgw-dialog__head">
        <h2>{title}</h2>
        {beside}
        <IconButton
          icon="x"
          label="Close"
          data-first={closeFirst || undefined}
          onClick={() => view.close()}
        />
      </div>
      {children}
    </div>
  );
}

interface BodyProps {
  /** For a screen reader, which comes here by Tab. */
  readonly label: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

export function DialogBody({ label, class: extra, children }: BodyProps): JSX.Element {
  return (
    <section
      class={extra ? `pgw-dialog__body ${extra}` : "pgw-dialog__body"}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
      tabIndex={0}
    >
      {children}
    </section>
  );
}
