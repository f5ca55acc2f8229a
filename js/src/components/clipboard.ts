// Putting text on the clipboard, also where the browser has no interface for that.

import type { View } from "./view.ts";

/** Puts text on the clipboard, and says whether that was done. */
export async function copyAndTell(view: View, text: string): Promise<void> {
  const done = await copy(text, view.host.root);
  view.toast.value = { text: done ? "Copied" : "The browser does not allow copying here" };
}

/** Puts text on the clipboard; false if the browser does not allow it. */
export async function copy(text: string, near: HTMLElement): Promise<boolean> {
  const page = near.ownerDocument;
  try {
    await page.defaultView?.navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text, page);
  }
}

/** For notebooks served over plain http, where there is no clipboard interface. */
function copyBySelection(text: string, page: Document): boolean {
  const before = page.activeElement;
  const field = page.createElement("textarea");
  field.value = text;
  field.style.position = "fixed";
  field.style.opacity = "0";
  page.body.append(field);
  field.select();
  const done = page.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return done;
}
