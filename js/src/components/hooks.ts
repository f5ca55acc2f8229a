// What components share of their lives: a clock, a signal that ends with them, where the focus is,
// and what is done once.

import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Renders again every `period` milliseconds while `active`, and gives the time of the page. */
export function useClock(period: number, active: boolean): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (!active) return;
    setNow(performance.now());
    const timer = setInterval(() => setNow(performance.now()), period);
    return () => clearInterval(timer);
  }, [period, active]);
  return now;
}

/**
 * The action, which does nothing while it goes on already, as for a second click or a key that is
 * held; and whether it goes on.
 */
export function useOnce<Given extends unknown[]>(
  action: (...given: Given) => Promise<void>,
): [once: (...given: Given) => Promise<void>, going: boolean] {
  const going = useSignal(false);
  const once = async (...given: Given) => {
    if (going.peek()) return;
    going.value = true;
    try {
      await action(...given);
    } finally {
      going.value = false;
    }
  };
  return [once, going.value];
}

/** Whether an element has the focus in it, or had it last: then what had it there is gone. */
export function useInside(place: RefObject<HTMLElement | null>): { readonly current: boolean } {
  const inside = useRef(false);
  useLifetime(
    (signal) => {
      place.current?.addEventListener(
        "focusin",
        () => {
          inside.current = true;
        },
        { signal },
      );
      // An element that is removed loses the focus too, but nobody moved it elsewhere. Browsers say
      // so while it is still there, so that only a moment later shows which of the two it was.
      place.current?.addEventListener(
        "focusout",
        ({ target, relatedTarget }) => {
          if (relatedTarget !== null) inside.current = false;
          else {
            queueMicrotask(() => {
              if ((target as Element).isConnected) inside.current = false;
            });
          }
        },
        { signal },
      );
    },
    [place],
  );
  return inside;
}

/** A signal that aborts when the component goes, for the listeners it hangs on elements. */
export function useLifetime(setUp: (signal: AbortSignal) => void, inputs: readonly unknown[]) {
  const latest = useRef(setUp);
  latest.current = setUp;
  useEffect(() => {
    const controller = new AbortController();
    latest.current(controller.signal);
    return () => controller.abort();
  }, inputs);
}
