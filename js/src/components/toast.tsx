// Says briefly what happened, and offers to take it back. Its time stands still while somebody
// points at it or has the focus in it.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { IconButton } from "./controls.tsx";
import { Icon } from "./icons.tsx";
import { ToastTimer } from "./toast-timer.ts";
import { useView } from "./view.ts";

/** Milliseconds. */
const WITH_ACTION = 8000;
const PLAIN = 5000;
const SHORT = 2000;

export function ToastRegion(): JSX.Element {
  const view = useView();
  const toast = view.toast.value;
  const aside = toast?.aside && view.drawer.value;
  const timer = useRef<ToastTimer>(null);
  useEffect(() => {
    if (!toast) return;
    const time = toast.action ? WITH_ACTION : toast.text.length > 40 ? PLAIN : SHORT;
    const running = new ToastTimer(time, () => {
      view.toast.value = null;
    });
    timer.current = running;
    return () => running.end();
  }, [toast, view]);

  return (
    <div role="status" aria-live="polite">
      {toast && (
        <div
          class={`pgw-toast${aside ? " pgw-toast--aside" : ""}`}
          onPointerEnter={() => timer.current?.pause()}
          onPointerLeave={() => timer.current?.resume()}
          onFocusIn={() => timer.current?.pause()}
          onFocusOut={() => timer.current?.resume()}
        >
          <span>{toast.text}</span>
          {toast.action && (
            <button
              type="button"
              class="pgw-btn"
              onClick={() => {
                toast.action?.run();
                view.toast.value = null;
              }}
            >
              {toast.action.label === "Undo" && <Icon name="undo" small />}
              {toast.action.label}
            </button>
          )}
          {!(aside && toast.action) && (
            <IconButton
              icon="x"
              label="Close"
              onClick={() => {
                view.toast.value = null;
              }}
            />
          )}
        </div>
      )}
    </div>
  );
}
