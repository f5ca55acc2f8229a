// What components share of their lives: a clock, a signal that ends with them, and what is done once.

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

/** The action, but for what is asked while it goes on: a second click, a key that is held. */
export function useOnce<Given extends unknown[]>(
  action: (...given: Given) => Promise<void>,
): (...given: Given) => Promise<void> {
  const going = useRef(false);
  return async (...given) => {
    if (going.current) return;
    going.current = true;
    try {
      await action(...given);
    } finally {
      going.current = false;
    }
  };
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
