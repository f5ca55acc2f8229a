// Keeps the focus in the log when the message that had it goes: an edit and a delete give what
// follows new ids, and a closed edit takes its field away.

import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Message } from "../model.ts";
import { isNowhere } from "./focus.ts";
import { useInside } from "./hooks.ts";
import { useView } from "./view.ts";

export function useCurrentMessage(
  log: RefObject<HTMLElement | null>,
  path: readonly Message[],
): void {
  const view = useView();
  const place = useRef(-1);
  const inside = useInside(log);
  const edits = view.store.drafts.edits.value;
  const inserting = view.store.drafts.inserting.value;

  // At once, and not after the next picture: a key pressed in between would go to the page.
  useLayoutEffect(() => {
    const current = view.current.peek();
    const at = path.findIndex(({ id }) => id === current);
    const next = path[Math.min(place.current, path.length - 1)];
    if (at >= 0) place.current = at;
    else if (current !== null && current !== "system") view.current.value = next?.id ?? null;

    const element = log.current;
    if (!element || !inside.current || !isNowhere(element)) return;
    const id = view.current.peek();
    for (const row of element.querySelectorAll<HTMLElement>("article[data-id]")) {
      if (row.dataset.id === id) row.focus({ preventScroll: true });
    }
  }, [path, edits, inserting, view, log]);

  // Where it is, for when it goes: it may have moved there without any change of the path.
  useEffect(
    () =>
      view.current.subscribe((current) => {
        const at = path.findIndex(({ id }) => id === current);
        if (at >= 0) place.current = at;
      }),
    [path, view],
  );
}
