// Says briefly what happened, and offers to take it back. Its time stands still while somebody
// points at it or has the focus in it.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { IconButton, Kbd } from "./controls.tsx";
import { focusedBeside } from "./focus.ts";
import { Icon } from "./icons.tsx";
import { ToastTimer } from "./toast-timer.ts";
import { type Toast, useView, type View } from "./view.ts";

/** Milliseconds. */
const WITH_ACTION = 8000;
const PLAIN = 5000;
const SHORT = 2000;

/** What takes something back can be done by key as long as the toast offers it. */
const takesBack = (toast: Toast | null) => toast?.action?.label === "Undo";

/** Does what the toast offers, if that takes something back. */
export function takeBack(view: View): boolean {
  const toast = view.toast.peek();
  if (!toast || !takesBack(toast)) return false;
  act(view, toast);
  return true;
}

function act(view: View, { action }: Toast): void {
  close(view);
  action?.run();
}

/** Takes the toast away, and the focus out of it. */
function close(view: View): void {
  const { root } = view.host;
  if (focusedBeside(root)?.closest(".pgw-toast")) view.beforeToast?.focus({ preventScroll: true });
  view.toast.value = null;
}

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
          onFocusIn={({ currentTarget, relatedTarget }) => {
            timer.current?.pause();
            const from = relatedTarget as HTMLElement | null;
            if (!currentTarget.contains(from)) view.beforeToast = from;
          }}
          onFocusOut={() => timer.current?.resume()}
        >
          <span>{toast.text}</span>
          {toast.action && (
            <button
              type="button"
              class="pgw-btn"
              aria-keyshortcuts={takesBack(toast) ? "Z" : undefined}
              onClick={() => act(view, toast)}
            >
              {takesBack(toast) && <Icon name="undo" small />}
              {toast.action.label}
              {takesBack(toast) && !view.touch && <Kbd>Z</Kbd>}
            </button>
          )}
          {!(aside && toast.action) && (
            <IconButton icon="x" label="Close" onClick={() => close(view)} />
          )}
        </div>
      )}
    </div>
  );
}
