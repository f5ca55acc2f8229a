// The state of one view: what is open, current and shown briefly. Nothing of it is shared with
// another view of the same model; what a person writes is (the store's drafts).

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { createContext, type VNode } from "preact";
import { useContext } from "preact/hooks";
import type { Host } from "../host.ts";
import type { RequestBody } from "../protocol.ts";
import { RequestError, type Store } from "../store.ts";

/** Something that floats over the frame: a menu at its opener, or a dialog. */
export interface Layer {
  readonly id: number;
  readonly kind: "menu" | "dialog";
  /** Gets the focus back; a menu is placed at it. */
  readonly opener: HTMLElement;
  readonly align: "start" | "end" | "side";
  readonly content: () => VNode;
}

export interface Toast {
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

const FIRST_HEIGHT = 560;
export const MIN_HEIGHT = 280;

export class View {
  /** Id of the current message; "system" is the system prompt. */
  readonly current = signal<string | null>(null);
  readonly layers = signal<readonly Layer[]>([]);
  readonly toast = signal<Toast | null>(null);
  /** Of the frame, in CSS pixels. */
  readonly height = signal(FIRST_HEIGHT);
  /** Read aloud once by a screen reader. */
  readonly announcement = signal("");
  /**
   * What this view opened for writing last: a message id, "system" or "insert". Drafts are shared
   * with other views, and only the one where somebody asked for it takes the focus.
   */
  opened: string | null = null;
  /** Counts the wishes to see the end of the log, as after sending a message. */
  readonly toEnd = signal(0);
  /** How many texts are not all in the page yet though their answers have ended. */
  readonly lagging = signal(0);
  readonly writable: ReadonlySignal<boolean>;
  readonly running: ReadonlySignal<string | null>;
  #layers = 0;

  constructor(
    readonly store: Store,
    readonly host: Host,
  ) {
    this.writable = computed(() => store.status.value === "live");
    this.running = computed(() => store.settings.value.running);
  }

  /** Makes a request; what was refused is said in a toast, and undefined comes back. */
  async ask(request: RequestBody): Promise<Record<string, unknown> | undefined> {
    try {
      return await this.store.request(request);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.toast.value = { text: error.message };
      return undefined;
    }
  }

  /** Opens a menu in place of what is open, or beside it; at the same opener it closes. */
  openMenu(opener: HTMLElement, align: Layer["align"], content: Layer["content"]): void {
    const open = this.layers.value;
    if (open.some((layer) => layer.opener === opener)) {
      this.close();
      return;
    }
    const layer: Layer = { id: ++this.#layers, kind: "menu", opener, align, content };
    this.layers.value = align === "side" ? [...open, layer] : [layer];
  }

  /** Opens a dialog over everything; the focus returns to `opener`. */
  openDialog(opener: HTMLElement, content: Layer["content"]): void {
    this.layers.value = [{ id: ++this.#layers, kind: "dialog", opener, align: "start", content }];
  }

  /** Closes the top layer and gives the focus back to its opener. */
  close(): void {
    const top = this.layers.value.at(-1);
    this.layers.value = this.layers.value.slice(0, -1);
    top?.opener.focus();
  }

  /** Closes everything, as after a choice; the first opener gets the focus. */
  closeAll(): void {
    const first = this.layers.value[0];
    this.layers.value = [];
    first?.opener.focus();
  }

  /** Closes everything without moving the focus, as after a click elsewhere. */
  dismiss(): void {
    if (this.layers.value.length > 0) this.layers.value = [];
  }
}

export const ViewContext = createContext<View | null>(null);

export function useView(): View {
  const view = useContext(ViewContext);
  if (!view) throw new Error("A component of the playground stands outside <App>.");
  return view;
}
