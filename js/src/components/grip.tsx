// The height of the frame, from its bottom edge: dragged, or with the arrow keys.

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { MIN_HEIGHT, useView } from "./view.ts";

const STEP = 20;
const LARGE_STEP = 100;
const MAX_HEIGHT = 2400;

function clampHeight(height: number): number {
  return Math.round(Math.min(MAX_HEIGHT, Math.max(MIN_HEIGHT, height)));
}

/** The height after a key, or undefined if it is none of ours. */
function heightAfter(key: string, shift: boolean, height: number): number | undefined {
  const step = shift ? LARGE_STEP : STEP;
  switch (key) {
    case "ArrowUp":
      return clampHeight(height - step);
    case "ArrowDown":
      return clampHeight(height + step);
    case "Home":
      return MIN_HEIGHT;
    default:
      return undefined;
  }
}

export function Grip(): JSX.Element {
  const { height } = useView();
  const start = useRef<{ y: number; height: number } | null>(null);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line cannot be dragged
    <div
      class="pgw-grip"
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height"
      aria-valuenow={height.value}
      aria-valuemin={MIN_HEIGHT}
      aria-valuemax={MAX_HEIGHT}
      aria-valuetext={`${height.value} pixels`}
      tabIndex={0}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { y: event.clientY, height: height.value };
      }}
      onPointerMove={(event) => {
        if (start.current) {
          height.value = clampHeight(start.current.height + event.clientY - start.current.y);
        }
      }}
      onLostPointerCapture={() => {
        start.current = null;
      }}
      onKeyDown={(event) => {
        const after = heightAfter(event.key, event.shiftKey, height.value);
        if (after === undefined) return;
        event.preventDefault();
        height.value = after;
      }}
    />
  );
}
