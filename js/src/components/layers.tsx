// What floats over the frame. Menus stand at their opener and stay inside the frame; a dialog
// covers it with a scrim and keeps Tab inside.

import type { JSX, TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { focusedBeside } from "./focus.ts";
import { useLifetime } from "./hooks.ts";
import { type Layer, useView } from "./view.ts";

const FOCUSABLE =
  'button:not(:disabled):not([tabindex="-1"]), :is(input, select):not(:disabled), textarea, a[href], [tabindex="0"]';

export function Layers(): JSX.Element {
  const view = useView();
  const layers = view.layers.value;
  return (
    <>
      {layers.map((layer) =>
        layer.kind === "menu" ? (
          <MenuLayer key={layer.id} layer={layer} />
        ) : (
          <DialogLayer key={layer.id} layer={layer} />
        ),
      )}
    </>
  );
}

function MenuLayer({ layer }: { layer: Layer }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);

  useLifetime(
    (signal) => {
      const menu = place.current?.firstElementChild;
      const frame = place.current?.parentElement;
      if (!(menu instanceof HTMLElement) || !frame) return;
      const { opener, align } = layer;
      opener.setAttribute("aria-expanded", "true");
      const settle = () => settleAt(menu, frame, opener, align);
      settle();
      // The opener moves when the log scrolls, and the menu grows when models arrive.
      frame.addEventListener("scroll", settle, { capture: true, passive: true, signal });
      const sizes = new ResizeObserver(settle);
      sizes.observe(frame);
      sizes.observe(menu);
      signal.addEventListener("abort", () => {
        sizes.disconnect();
        opener.setAttribute("aria-expanded", "false");
      });
    },
    [layer],
  );

  return (
    <div ref={place} class="pgw-layer">
      {layer.content()}
    </div>
  );
}

/** Places a menu below its opener, above it where there is more room, or beside it. */
function settleAt(
  menu: HTMLElement,
  frame: HTMLElement,
  opener: HTMLElement,
  align: Layer["align"],
): void {
  const gap = 4;
  const box = frame.getBoundingClientRect();
  const at = opener.getBoundingClientRect();
  menu.style.maxHeight = "";
  const width = menu.offsetWidth;
  const height = menu.offsetHeight;

  const below = box.bottom - at.bottom - 2 * gap;
  const above = at.top - box.top - 2 * gap;
  const up = align !== "side" && height > below && above > below;
  const room = align === "side" ? box.height - 2 * gap : up ? above : below;
  const shown = Math.min(height, room);
  menu.style.maxHeight = `${Math.max(room, 96)}px`;

  let left = align === "end" ? at.right - width : at.left;
  let top = up ? at.top - gap - shown : at.bottom + gap;
  if (align === "side") {
    left = at.left - gap - width;
    if (left < box.left + gap) left = at.right + gap;
    top = at.top - gap;
  }
  const inside = (value: number, size: number, limit: number) =>
    Math.max(gap, Math.min(value, limit - size - gap));
  menu.style.left = `${inside(left - box.left, width, frame.clientWidth)}px`;
  menu.style.top = `${inside(top - box.top, shown, frame.clientHeight)}px`;
}

function DialogLayer({ layer }: { layer: Layer }): JSX.Element {
  const view = useView();
  const scrim = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const dialog = scrim.current;
    const first = dialog?.querySelector<HTMLElement>("[data-first]");
    (first ?? dialog?.querySelector<HTMLElement>("[role=dialog]"))?.focus();
  }, []);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: by key Escape and the dialog's button close
    <div
      ref={scrim}
      class="pgw-scrim"
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) {
          event.preventDefault();
          view.close();
        }
      }}
      onKeyDown={keepTabInside}
    >
      {layer.content()}
    </div>
  );
}

function keepTabInside(event: TargetedKeyboardEvent<HTMLElement>): void {
  if (event.key !== "Tab") return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(FOCUSABLE)];
  const first = all[0];
  const last = all.at(-1);
  if (!first || !last) return;
  const at = focusedBeside(event.currentTarget);
  const outside = !(at instanceof HTMLElement) || !all.includes(at);
  if (event.shiftKey ? at === first || outside : at === last) {
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}
