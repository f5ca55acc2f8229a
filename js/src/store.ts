// What the components see: signals over this page's copy of the conversation, and requests.
//
// | state                         | where                                                   |
// |-------------------------------|---------------------------------------------------------|
// | thread, settings, revision    | `Replica`, mirrored into signals once a batch           |
// | the text of a growing answer  | `GrowingAnswer`, one signal a message                   |
// | what a person is writing      | `Drafts`, one of each thread                            |
// | the comparison that is shown  | `ShownComparison`, which is loaded when it is needed    |
// | requests without an answer    | `Requests`                                              |
//
// One store serves all views of a model. It knows only the `Channel`.

import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Away, Channel, ChannelStatus, Peer, Position } from "./channel/channel.ts";
import type { ExportCell, Message, Settings, Thread } from "./model.ts";
import { path, siblings } from "./paths.ts";
import {
  type AssetName,
  type Compared,
  type Event,
  type Insert,
  ProtocolError,
  parseAsset,
  parseBatch,
  parseClaim,
  parseEvent,
  parseSnapshot,
  type RequestBody,
} from "./protocol.ts";
import { importText, shared } from "./store/assets.ts";
import { type Drafts, DraftsByThread } from "./store/drafts.ts";
import type { Live } from "./store/live.ts";
import { emptySettings, emptyThread, Replica } from "./store/replica.ts";
import { RequestError, Requests, type Result } from "./store/requests.ts";
import { Resync } from "./store/resync.ts";

export type { Away, Peer } from "./channel/channel.ts";
export type { RequestBody } from "./protocol.ts";
export type { Drafts, Edit, Insertion } from "./store/drafts.ts";
export type { Live, LivePart } from "./store/live.ts";
export { RequestError } from "./store/requests.ts";
export { ThreadList } from "./store/threads.ts";

export type StoreStatus = "connecting" | ChannelStatus;

export interface Store {
  /** The structure; a streaming message holds what it started with, `live` has the rest. */
  readonly thread: ReadonlySignal<Thread>;
  /** The active path. */
  readonly path: ReadonlySignal<readonly Message[]>;
  readonly settings: ReadonlySignal<Settings>;
  readonly status: ReadonlySignal<StoreStatus>;
  /** Since when the peer is away and when it is tried again, while the status is `reconnecting`. */
  readonly away: ReadonlySignal<Away | null>;
  /** What answers: its name in words for people. */
  readonly peer: Peer;
  /** Where to log in again, if one does. */
  readonly login: string | undefined;
  /** One more each time a snapshot has replaced everything. */
  readonly epoch: ReadonlySignal<number>;
  /** Of the open thread. */
  readonly drafts: Drafts;
  /** The growing answer of a message, while it streams. */
  live(id: string): Live | undefined;
  /** The ids of all siblings, itself among them, oldest first. */
  versions(id: string): readonly string[];
  /** Sends a request; rejects with a `RequestError`. */
  request(body: RequestBody): Promise<Result>;
  /** The same, for an answer that says something: what `read` makes of it. */
  request<T>(body: RequestBody, read: (result: unknown) => T): Promise<T>;
  /** From now on this reads what comes of comparisons. */
  readCompared(reader: ComparedReader): void;
  /** A part of the front-end that is not always needed; all but panels is loaded once a page. */
  module(name: AssetName): Promise<unknown>;
  /** Looks at once whether the peer is back. */
  tryNow(): void;
}

/** Reads what comes of comparisons: loaded when one is looked at, so that widgets stay small. */
export interface ComparedReader {
  /** The answer to `open_comparison`, before the events that go on from it. */
  take(result: unknown): void;
  fold(event: Compared): void;
  /** A batch has been read. */
  announce(): void;
}

/** Inserts cells into the notebook, below the one that shows the widget. */
export type CellInserter = (cells: readonly ExportCell[]) => Promise<void>;

/**
 * Makes the store of one model, which follows the channel until the signal aborts.
 *
 * @param inserter how cells can be inserted from here now, if they can: what is asked for once
 *   is done once, however many views there are
 */
export function createStore(
  channel: Channel,
  signal: AbortSignal,
  inserter: () => CellInserter | undefined = () => undefined,
): Store {
  return new ChannelStore(channel, signal, inserter);
}

class ChannelStore implements Store {
  readonly #drafts = new DraftsByThread();
  readonly #channel: Channel;
  readonly #inserter: () => CellInserter | undefined;
  readonly #replica = new Replica(emptyThread, emptySettings);
  readonly #requests: Requests;
  readonly #resync: Resync;
  #compared: ComparedReader | undefined;
  readonly #thread = signal<Thread>(emptyThread);
  readonly #settings = signal<Settings>(emptySettings);
  readonly #status = signal<StoreStatus>("connecting");
  readonly #away = signal<Away | null>(null);
  readonly #epoch = signal(0);
  readonly path = computed(() => path(this.#thread.value));
  readonly #open = computed(() => this.#drafts.of(this.#thread.value.id));

  constructor(channel: Channel, signal: AbortSignal, inserter: () => CellInserter | undefined) {
    this.#channel = channel;
    this.#inserter = inserter;
    this.#requests = new Requests((request) => channel.send(request));
    this.#resync = new Resync(() => {
      // Its answer is the snapshot; one that does not come is asked for again.
      this.#requests.make({ type: "snapshot" }).catch(() => undefined);
    });
    const first = channel.snapshot();
    channel.listen(
      {
        snapshot: (data) => this.#take(data),
        batch: (data) => this.#fold(data),
        message: (data, buffers) => this.#receive(data, buffers),
        status: (status, away) => this.#follow(status, away),
        position: () => this.#position(),
        renamed: (from, to) => this.#drafts.move(from, to),
      },
      signal,
    );
    signal.addEventListener("abort", () => this.#follow("lost"));
    if (first === undefined) this.#doubt();
    else this.#take(first);
  }

  get thread(): ReadonlySignal<Thread> {
    return this.#thread;
  }

  get settings(): ReadonlySignal<Settings> {
    return this.#settings;
  }

  get status(): ReadonlySignal<StoreStatus> {
    return this.#status;
  }

  get away(): ReadonlySignal<Away | null> {
    return this.#away;
  }

  get peer(): Peer {
    return this.#channel.peer;
  }

  get login(): string | undefined {
    return this.#channel.login;
  }

  get epoch(): ReadonlySignal<number> {
    return this.#epoch;
  }

  get drafts(): Drafts {
    return this.#open.value;
  }

  live(id: string): Live | undefined {
    return this.#replica.growing.get(id);
  }

  versions(id: string): readonly string[] {
    return siblings(this.#thread.value, id).map((message) => message.id);
  }

  request(body: RequestBody): Promise<Result>;
  request<T>(body: RequestBody, read: (result: unknown) => T): Promise<T>;
  async request(body: RequestBody, read?: (result: unknown) => unknown): Promise<unknown> {
    const refused = refusal(this.#status.peek(), this.peer);
    if (refused) throw refused;
    const result = await this.#requests.make(body);
    try {
      return read ? read(result) : result;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      throw new RequestError("unread", `The ${this.peer}’s answer makes no sense`, error.message);
    }
  }

  readCompared(reader: ComparedReader): void {
    this.#compared = reader;
  }

  module(name: AssetName): Promise<unknown> {
    const load = async () => {
      if (this.#channel.module) return this.#channel.module(name);
      const { text } = await this.request({ type: "asset", name });
      return importText(text as string);
    };
    // Panels fit the bundle that they were built with, and another widget may have another one.
    return name === "panels" ? load() : shared(`${name} module`, load);
  }

  tryNow(): void {
    this.#channel.tryNow?.();
  }

  #take(data: unknown): void {
    if (!this.#read(() => this.#replica.adopt(parseSnapshot(data)))) return;
    this.#resync.stop();
    batch(() => {
      this.#epoch.value++;
      this.#publish();
    });
  }

  #fold(data: unknown): void {
    const items = this.#read(() => parseBatch(data)) ?? [];
    const ends = items.map((item) => this.#read(() => this.#apply(parseEvent(item))));
    this.#publish();
    if (ends.includes(true)) this.#keep();
  }

  /** Does what an event says, and tells whether it has ended an answer that grew here. */
  #apply(event: Event): boolean {
    switch (event.type) {
      case "done":
      case "refused": {
        // An equal snapshot changes nothing and so makes no sound; its answer does.
        const asked = this.#requests.answer(event);
        if (asked === "snapshot" && event.type === "done") this.#take(this.#channel.snapshot());
        // Before the events that follow it in this batch, as they go on from it.
        if (asked === "open_comparison" && event.type === "done") {
          this.#compared?.take(event.result);
        }
        return false;
      }
      case "comparison":
        this.#compared?.fold(event);
        return false;
      case "insert":
        void this.#insert(event);
        return false;
      default: {
        const outcome = this.#replica.fold(event);
        if (outcome === "gap") this.#doubt();
        return outcome === "applied" && event.type === "finished";
      }
    }
  }

  /** Reads something of what came; a thing that makes no sense costs no other. */
  #read<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.#survive(error);
      return undefined;
    }
  }

  #receive(data: unknown, buffers: readonly DataView[]): void {
    try {
      const { request } = parseAsset(data);
      const [bytes] = buffers;
      if (bytes) this.#requests.deliver(request, { text: new TextDecoder().decode(bytes) });
    } catch (error) {
      // Custom messages carry no state: what is not for this page is none of its business.
      if (!(error instanceof ProtocolError)) throw error;
    }
  }

  /** Every page hears of it; the peer names the one that does it. */
  async #insert({ action, cells }: Insert): Promise<void> {
    const insert = this.#inserter();
    if (!insert) return;
    try {
      if (await this.request({ type: "claim", action }, parseClaim)) await insert(cells);
    } catch (error) {
      // Nobody is waiting here: the cells are not in the notebook, where who asked will look.
      console.warn("playground_widget: the cells were not inserted.", error);
    }
  }

  #follow(status: ChannelStatus, away?: Away): void {
    const before = this.#status.peek();
    batch(() => {
      this.#away.value = away ?? null;
      this.#status.value = status;
    });
    if (before === status) return;
    if (status === "missing") this.#resync.stop();
    if (status === "lost" || status === "saved") this.#end(status);
    // From anything else than these two a channel goes on where it was.
    if (status === "live" && (before === "lost" || before === "saved")) this.#doubt();
  }

  /** Nobody is left to answer, or to go on with what was growing. */
  #end(status: "lost" | "saved"): void {
    this.#resync.stop();
    this.#requests.rejectAll(gone(status, this.peer));
    this.#replica.interrupt();
    this.#publish();
  }

  #position(): Position | undefined {
    if (this.#epoch.peek() === 0 || this.#resync.running) return undefined;
    const { thread, revision, growing } = this.#replica;
    const offsets = [...growing].flatMap(([message, { lengths }]) =>
      lengths.map((offset, part) => ({ message, part, offset })),
    );
    return { thread, revision, offsets };
  }

  #publish(): void {
    batch(() => {
      this.#thread.value = this.#replica.thread;
      this.#settings.value = this.#replica.settings;
      this.#replica.announce();
      this.#compared?.announce();
    });
  }

  /** Leaves the end of the conversation in the model, for a notebook saved with widget state. */
  #keep(): void {
    if (this.#replica.growing.size > 0 || this.#resync.running) return;
    const { settings, ...present } = this.#replica.present();
    this.#channel.keep?.({ ...present, settings: { ...settings, running: null, queued: 0 } });
  }

  /** What makes no sense is answered by asking for what does; anything else is a mistake here. */
  #survive(error: unknown): void {
    if (!(error instanceof ProtocolError)) throw error;
    console.warn(`playground_widget: ${error.message}`);
    this.#doubt();
  }

  /** Something is missing here: asks for everything, if there is somebody to ask. */
  #doubt(): void {
    const status = this.#status.peek();
    if (status !== "lost" && status !== "saved") this.#resync.start();
  }
}

/** Why nothing can be asked for in a state, if that is so. */
function refusal(status: StoreStatus, peer: Peer): RequestError | undefined {
  if (status === "signed-out") {
    return new RequestError(status, "You are logged out", "Log in again, then repeat this.");
  }
  return status === "lost" || status === "saved" ? gone(status, peer) : undefined;
}

function gone(status: "lost" | "saved", peer: Peer): RequestError {
  return status === "lost"
    ? new RequestError(status, `The ${peer} stopped`, "Nothing more can be sent from this page.")
    : new RequestError(
        status,
        `There is no ${peer}`,
        "Nothing was sent. Run the cell to start again.",
      );
}
