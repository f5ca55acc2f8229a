// From one answer to the same request to another.

import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { IconButton } from "../../controls.tsx";

interface SampleStepProps {
  /** The sample that is shown, counted from 0. */
  readonly shown: Signal<number>;
  readonly samples: number;
  /** For places with little room. */
  readonly brief?: boolean;
  /** Keys that do the same as the buttons. */
  readonly keys?: boolean;
  /** Of the buttons, where Tab passes them by. */
  readonly tabIndex?: number;
}

export function SampleStep(props: SampleStepProps): JSX.Element | null {
  const { shown, samples, brief = false, keys = false, tabIndex } = props;
  if (samples < 2) return null;
  const button = (label: string, icon: "left" | "right", by: number) => (
    <IconButton
      icon={icon}
      label={label}
      small
      tabIndex={tabIndex}
      aria-keyshortcuts={keys ? (by < 0 ? "ArrowLeft" : "ArrowRight") : undefined}
      disabled={!inRange(shown.value + by, samples)}
      onClick={() => stepSample(shown, samples, by)}
    />
  );
  return (
    <span class="pgw-step">
      {button("Previous sample", "left", -1)}
      <span class="pgw-num">
        <span class={brief ? "pgw-sr" : ""}>sample </span>
        {shown.value + 1}/{samples}
      </span>
      {button("Next sample", "right", 1)}
    </span>
  );
}

const inRange = (sample: number, samples: number) => sample >= 0 && sample < samples;

/** Goes on by some samples, as far as there are some. */
export function stepSample(shown: Signal<number>, samples: number, by: number): void {
  const to = shown.peek() + by;
  if (inRange(to, samples)) shown.value = to;
}
