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

/** When each wait was first seen: all views of a page, and a view built anew, count alike. */
const seen = new WeakMap<object, number>();

export function seenAt(wait: object): number {
  const known = seen.get(wait) ?? performance.now();
  seen.set(wait, known);
  return known;
}

/** Whole seconds that are left of a wait, and which share of it is over. */
export function countdown(wait: number, passed: number): { left: number; share: number } {
  const share = wait <= 0 ? 1 : Math.min(1, Math.max(0, passed / wait));
  return { left: Math.ceil(Math.max(0, wait - passed)), share };
}
