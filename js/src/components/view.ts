// The state of one view: what is open, current and shown briefly. Nothing of it is shared with
// another view of the same model; what a person writes is (the store's drafts).

import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { createContext, type VNode } from "preact";
import { useContext } from "preact/hooks";
import type { Host } from "../host.ts";
import type { RequestBody } from "../protocol.ts";
import { parseThreads } from "../protocol.ts";
import { RequestError, type Store, type StoreStatus, ThreadList } from "../store.ts";

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
  /** It is about a thread: it stands below the list of them while that is open. */
  readonly aside?: boolean;
}

const FIRST_HEIGHT = 560;
export const MIN_HEIGHT = 280;
const SIGNED_OUT = "signed-out";
/** How a page remembers whether the list of threads stands beside the messages. */
const LIST = "threads";
/** From this width on the list of threads stands beside the messages instead of over them. */
const DOCKS = 1180;
/** The same for the parameters. */
const PARAMETERS_DOCK = 960;

export class View {
  /** Id of the current message; "system" is the system prompt. */
  readonly current = signal<string | null>(null);
  readonly layers = signal<readonly Layer[]>([]);
  readonly toast = signal<Toast | null>(null);
  /** Of the frame, in CSS pixels. */
  readonly height = signal(FIRST_HEIGHT);
  /** Of the widget, in CSS pixels; 0 until it is laid out. */
  readonly width = signal(0);
  /** Whether the list of threads is open. */
  readonly drawer = signal(false);
  /** Whether the parameters are open. */
  readonly parameters = signal(false);
  /** Whether a comparison is shown in place of the messages. */
  readonly comparing = signal(false);
  /** The answers that are shown as tokens with their probabilities. */
  readonly asTokens = signal<ReadonlySet<string>>(new Set());
  readonly threads: ThreadList;
  /** Read aloud once by a screen reader. */
  readonly announcement = signal("");
  /**
   * What this view opened for writing last: a message id, "system" or "insert". Drafts are shared
   * with other views, and only the one where somebody asked for it takes the focus.
   */
  opened: string | null = null;
  /** What had the focus before the toast had it, and gets it back when that goes. */
  beforeToast: HTMLElement | null = null;
  /** Counts the wishes to see the end of the log, as after sending a message. */
  readonly toEnd = signal(0);
  /** How many texts are not all in the page yet though their answers have ended. */
  readonly lagging = signal(0);
  /** Whether one can write, and have things done: at once, or when the peer is back. */
  readonly writable: ReadonlySignal<boolean>;
  /** Whether what is asked for is done at once. */
  readonly live: ReadonlySignal<boolean>;
  /** Whether there is a list of threads to show. */
  readonly listed: ReadonlySignal<boolean>;
  readonly running: ReadonlySignal<string | null>;
  /** The id of the open thread. */
  readonly open: ReadonlySignal<string>;
  readonly docked: ReadonlySignal<boolean>;
  /** Whether the list of threads lies over the messages. */
  readonly covered: ReadonlySignal<boolean>;
  /** Whether the parameters stand beside the messages. */
  readonly parametersDocked: ReadonlySignal<boolean>;
  /** Whether something lies over the messages. */
  readonly overlaid: ReadonlySignal<boolean>;
  /** Whether the pointer is a finger, which does not hover. */
  readonly touch: boolean;
  /** Whether the list of threads was asked for, and so takes the focus when it appears. */
  listAsked = false;
  #layers = 0;

  constructor(
    readonly store: Store,
    readonly host: Host,
  ) {
    const { page } = host;
    this.writable = computed(() => WRITABLE.has(store.status.value));
    this.live = computed(() => store.status.value === "live");
    this.listed = computed(() => {
      const status = store.status.value;
      return status === "connecting" ? page !== undefined : status !== "lost" && status !== "saved";
    });
    this.running = computed(() => store.settings.value.running);
    this.open = computed(() => store.thread.value.id);
    this.docked = computed(() => this.width.value >= DOCKS);
    this.covered = computed(() => this.drawer.value && !this.docked.value && this.listed.value);
    this.parametersDocked = computed(() => this.width.value >= PARAMETERS_DOCK);
    this.overlaid = computed(
      () => this.covered.value || (this.parameters.value && !this.parametersDocked.value),
    );
    this.threads = new ThreadList((request) => store.request(request, parseThreads));
    const window = host.root.ownerDocument.defaultView;
    this.touch = window?.matchMedia?.("(hover: none)").matches ?? false;
    if (!page) return;
    // Beside the messages it is part of the page; over them it is what somebody opened for once.
    const unfollow = effect(() => {
      this.drawer.value = this.docked.value && page.recall(LIST) !== "closed";
    });
    host.signal.addEventListener("abort", unfollow);
  }

  /** Makes a request; what was refused is said in a toast, and undefined comes back. */
  ask(request: RequestBody): Promise<Record<string, unknown> | undefined>;
  ask<T>(request: RequestBody, read: (result: unknown) => T): Promise<T | undefined>;
  async ask(request: RequestBody, read = (result: unknown) => result): Promise<unknown> {
    if (this.store.status.value === "reconnecting") {
      this.toast.value = { text: `This waits until the ${this.store.peer} is back` };
    }
    try {
      return await this.store.request(request, read);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      // A note says so, as long as it is so.
      if (error.kind === SIGNED_OUT && this.store.status.value === SIGNED_OUT) return undefined;
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

  /** The top layer, to be closed once something has come that it waits for. */
  get top(): Layer | undefined {
    return this.layers.peek().at(-1);
  }

  /** Closes a layer and gives the focus back to its opener; false if it is not open any more. */
  close(layer = this.top): boolean {
    const at = layer ? this.layers.peek().indexOf(layer) : -1;
    if (!layer || at < 0) return false;
    this.layers.value = this.layers.peek().slice(0, at);
    layer.opener.focus();
    return true;
  }

  /** Closes everything, as after a choice; the first opener gets the focus. */
  closeAll(): void {
    const first = this.layers.value[0];
    this.layers.value = [];
    first?.opener.focus();
  }

  /** Opens or closes the list of threads; the button that opened it gets the focus back. */
  toggleDrawer(open = !this.drawer.value): void {
    this.listAsked = open;
    // One thing at a time lies over the messages.
    if (open && !this.parametersDocked.value) this.parameters.value = false;
    this.drawer.value = open;
    if (this.docked.value) this.host.page?.keep(LIST, open ? "open" : "closed");
    if (!open) this.host.root.querySelector<HTMLElement>(".pgw-toggle")?.focus();
  }

  /** Closes everything without moving the focus, as after a click elsewhere. */
  dismiss(): void {
    if (this.layers.value.length > 0) this.layers.value = [];
  }
}

/** A break changes nothing of what is shown, so that nothing moves while it lasts. */
const WRITABLE: ReadonlySet<StoreStatus> = new Set(["live", "reconnecting", SIGNED_OUT]);

export const ViewContext = createContext<View | null>(null);

export function useView(): View {
  const view = useContext(ViewContext);
  if (!view) throw new Error("A component of the playground stands outside <App>.");
  return view;
}
