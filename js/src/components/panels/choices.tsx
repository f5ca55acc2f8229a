// Choices of one, and of some: fields that are out of sight, each in the label that shows it.

import type { ComponentChildren, JSX } from "preact";
import { Icon } from "../icons.tsx";

interface RadioProps {
  readonly group: string;
  readonly checked: boolean;
  readonly choose: () => void;
  /** Gets the focus when the dialog opens. */
  readonly first?: boolean;
  readonly disabled?: boolean;
  readonly children: ComponentChildren;
}

export function Radio({ group, checked, choose, first, disabled = false, children }: RadioProps) {
  return (
    <label>
      <input
        type="radio"
        class="pgw-sr"
        name={group}
        checked={checked}
        disabled={disabled}
        data-first={first || undefined}
        onChange={choose}
      />
      {children}
    </label>
  );
}

interface SegmentsProps {
  readonly label: string;
  /** Of the fields; another one in each widget of a page. */
  readonly group: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly value: string | undefined;
  readonly choose: (value: string) => void;
  readonly class?: string;
  readonly first?: boolean;
  readonly disabled?: boolean;
}

/** A few options beside each other, of which one is chosen. */
export function Segments(props: SegmentsProps): JSX.Element {
  const { label, group, options, value, choose, first = false, disabled = false } = props;
  return (
    <div
      class={props.class ? `pgw-seg ${props.class}` : "pgw-seg"}
      role="radiogroup"
      aria-label={label}
    >
      {options.map((each) => (
        <Radio
          key={each.value}
          group={group}
          checked={each.value === value}
          choose={() => choose(each.value)}
          first={first && each.value === value}
          disabled={disabled}
        >
          {each.label}
        </Radio>
      ))}
    </div>
  );
}

interface CheckProps {
  readonly label: string;
  readonly checked: boolean;
  readonly change: (on: boolean) => void;
}

export function Check({ label, checked, change }: CheckProps): JSX.Element {
  return (
    <label class="pgw-check">
      <input
        type="checkbox"
        class="pgw-sr"
        checked={checked}
        onChange={(event) => change(event.currentTarget.checked)}
      />
      <i>
        <Icon name="check" small />
      </i>
      {label}
    </label>
  );
}
