// Putting text on the clipboard, also where the browser has no interface for that.

import type { View } from "./view.ts";

/** Puts text on the clipboard, and says whether that was done. */
export async function copyAndTell(view: View, text: string): Promise<void> {
  if (await copyOrTell(view, text)) view.toast.value = { text: "Copied" };
}

/** Puts text on the clipboard; false if the browser does not allow it, which is said. */
export async function copyOrTell(view: View, text: string): Promise<boolean> {
  const done = await copy(text, view.host.root);
  if (!done)
    view.toast.value = {
      text: "The browser does not allow copying here. Select the text and copy it by key.",
    };
  return done;
}

async function copy(text: string, near: HTMLElement): Promise<boolean> {
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
