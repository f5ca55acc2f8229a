import type { Signal } from "@preact/signals";
import type { JSX } from "preact";

/** Something that is on or off at once. */
export function Switch({
  label,
  on,
}: {
  readonly label: string;
  readonly on: Signal<boolean>;
}): JSX.Element {
  return (
    <label class="pgw-switched">
      <button
        type="button"
        class="pgw-switch"
        role="switch"
        aria-checked={on.value}
        aria-label={label}
        onClick={() => {
          on.value = !on.value;
        }}
      />
      {label}
    </label>
  );
}
