// What surrounds a view of the widget: which host it is, its theme, and what it can do.

import type { ReadonlySignal } from "@preact/signals";
import { dig } from "./channel/dig.ts";
import type { AnyModel } from "./channel/model.ts";
import { cellInserter, type NewCell } from "./host/cells.ts";
import { type PageOpener, pageOpener } from "./host/own-page.ts";
import { parentOf, watchTheme } from "./host/theme.ts";

export { cellInserter, type NewCell } from "./host/cells.ts";
export { standBeside } from "./host/transcript.ts";

export type HostKind = "jupyterlab" | "vscode" | "colab" | "marimo" | "page";

export interface Host {
  readonly kind: HostKind;
  /** The `.pgw` element that the view is in. */
  readonly root: HTMLElement;
  /** Aborts when the view goes away. */
  readonly signal: AbortSignal;
  /** Inserts cells below the cell of this view; missing where the host cannot. */
  readonly insertCells?: (cells: readonly NewCell[]) => Promise<void>;
  /** Opens a thread as a page of its own; missing where the host has no server for that. */
  readonly openPage?: PageOpener;
  /** Of a view that is a page of its own: it fills the window, and no notebook is around it. */
  readonly page?: OwnPage;
}

/** What a page of one's own has: words from outside of the view, and a memory in this browser. */
export interface OwnPage {
  /** What is to be said once, in one sentence. */
  readonly notice: ReadonlySignal<string | null>;
  recall(name: string): string | null;
  keep(name: string, value: string): void;
}

/** Makes the root element of a view in `el` and follows the host's theme until the signal aborts. */
export function createHost(model: AnyModel, el: HTMLElement, signal: AbortSignal): Host {
  const root = el.ownerDocument.createElement("div");
  root.className = "pgw";
  el.append(root);
  signal.addEventListener("abort", () => root.remove());
  const kind = hostKind(model.widget_manager, el);
  root.dataset.host = kind;
  watchTheme(
    el,
    (theme) => {
      root.dataset.theme = theme;
    },
    signal,
  );
  keepKeys(root, signal);
  const insertCells = cellInserter(model, el);
  const openPage = kind === "jupyterlab" ? pageOpener(el.ownerDocument) : undefined;
  return {
    kind,
    root,
    signal,
    ...(insertCells ? { insertCells } : {}),
    ...(openPage ? { openPage } : {}),
  };
}

/** JupyterLab stands for Notebook 7 too: both are made of the same parts. */
export function hostKind(manager: unknown, el: Element): HostKind {
  for (let at: Element | null = el; at; at = parentOf(at)) {
    if (at.localName.startsWith("marimo-")) return "marimo";
  }
  const { body } = el.ownerDocument;
  if ("vscodeThemeKind" in body.dataset || "vscodeThemeId" in body.dataset) return "vscode";
  if (dig(globalThis, "google", "colab")) return "colab";
  if (dig(manager, "context", "sessionContext") || "jpThemeName" in body.dataset) {
    return "jupyterlab";
  }
  return "page";
}

/**
 * Keeps what is typed here from the notebook.
 *
 * JupyterLab hears keys after us, and stopping them is enough. Notebook 7 hears them before us, and
 * looks from the element with the focus upwards for a shortcut that applies, until it meets the
 * attribute: so the root has it, and what gets the focus too, for shortcuts of any `:focus`.
 */
function keepKeys(root: HTMLElement, signal: AbortSignal): void {
  root.dataset.lmSuppressShortcuts = "true";
  root.addEventListener(
    "focusin",
    ({ target }) => {
      if (target instanceof HTMLElement) target.dataset.lmSuppressShortcuts = "true";
    },
    { signal },
  );
  for (const type of ["keydown", "keypress", "keyup"] as const) {
    root.addEventListener(type, (event) => event.stopPropagation(), { signal });
  }
}
