// The page's transport: subscriptions over a WebSocket, everything else over HTTP.
//
// Which thread is open is this channel's to say: the server serves any of them. After a break a
// subscription goes on from what the store has, so that nothing is lost or comes twice.

import type { Thread } from "../model.ts";
import type { Request, RequestBody } from "../protocol.ts";
import type { Channel, ChannelListener } from "./channel.ts";
import { dig } from "./dig.ts";
import { Calls } from "./graphql/calls.ts";
import { Compared } from "./graphql/comparing.ts";
import { all, variableOf } from "./graphql/convert.ts";
import { comparisonRowOf } from "./graphql/convert-comparison.ts";
import { COMPARISONS, THREAD_EXISTS, VARIABLES } from "./graphql/documents.ts";
import { Following } from "./graphql/following.ts";
import { Passing } from "./graphql/passing.ts";
import { Refused, SignedOut } from "./graphql/post.ts";
import { Presence } from "./graphql/presence.ts";
import { queryFor, type ReadType } from "./graphql/queries.ts";
import { Reached } from "./graphql/reached.ts";
import { refusalOf } from "./graphql/refusal.ts";
import { LISTED, type Mutation, mutationFor, newThread } from "./graphql/requests.ts";
import { pauseAfter, Socket } from "./graphql/socket.ts";
import { ThreadList } from "./graphql/thread-list.ts";
import { onWake } from "./graphql/wake.ts";

export interface GraphqlOptions {
  /** Where queries and mutations go; subscriptions go to the same place. */
  readonly url: URL;
  /** Where the modules are that are not always needed. */
  readonly assets: URL;
  /** Where to log in again. */
  readonly login: string;
  /** The thread to open first; without it, a new one. */
  readonly thread?: string;
}

export function graphqlChannel(options: GraphqlOptions): Channel {
  return new GraphqlChannel(options);
}

type Result = Readonly<Record<string, unknown>>;

class GraphqlChannel implements Channel {
  readonly peer = "server";
  readonly login: string;
  readonly #options: GraphqlOptions;
  #line:
    | { readonly on: ChannelListener; readonly socket: Socket; readonly calls: Calls }
    | undefined;
  /** Aborts when the page goes. */
  #life: AbortSignal | undefined;
  /** The thread that the store shows, and the one that is about to take its place. */
  #open: Following | undefined;
  #opening: Following | undefined;
  /** Threads that this page is deleting, whose end is no surprise. */
  readonly #deleting = new Set<string>();
  readonly #passing = new Passing(
    () => this.#on,
    () => ({ threads: this.#threads.changes, comparison: this.#compared.id }),
  );
  readonly #threads = new ThreadList(() => this.#passing.resettle());
  readonly #compared = new Compared({
    next: (event) => this.#passing.tell(event),
    shown: () => this.#passing.resettle(),
  });
  /** Of the open thread. */
  readonly #reached = new Reached();
  readonly #presence = new Presence((status, away) => this.#on.status(status, away));

  constructor(options: GraphqlOptions) {
    this.#options = options;
    this.login = options.login;
  }

  snapshot(): unknown {
    return this.#passing.snapshot;
  }

  module(name: string): Promise<unknown> {
    return import(new URL(`${name}.js`, this.#options.assets).href);
  }

  tryNow(): void {
    this.#line?.socket.hurry();
    if (this.#presence.isSignedOut) void this.#lookIn();
  }

  listen(on: ChannelListener, signal: AbortSignal): void {
    const { url, thread } = this.#options;
    const address = new URL(url);
    address.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new Socket(
      address.href,
      {
        up: () => {
          this.#presence.connected();
          calls.found();
        },
        away: (next) => this.#lose(next),
        trying: () => this.#presence.wait(null),
      },
      signal,
    );
    const line = {
      get up() {
        return socket.up;
      },
      signedOut: () => this.#presence.signOut(),
    };
    const calls = new Calls(url.href, line, signal);
    this.#line = { on, socket, calls };
    this.#life = signal;
    this.#threads.watch(socket, signal);
    onWake(() => this.tryNow(), signal);
    signal.addEventListener("abort", () => {
      this.#open?.end();
      this.#opening?.end();
      this.#compared.end();
    });
    socket.connect();
    if (thread !== undefined) this.#follow(thread);
    else void this.#begin();
  }

  send(request: object): void {
    void this.#carry(request as Request);
  }

  // ------------------------------------------------------------------------------- requests

  async #carry({ request, ...body }: Request): Promise<void> {
    try {
      const result = await this.#do(body as RequestBody, request);
      if (result) this.#passing.tell({ type: "done", request, result });
    } catch (error) {
      const refusal = refusalOf(error);
      this.#passing.tell({ type: "refused", request, error: refusal });
      if (refusal.kind === "bug") throw error;
    }
  }

  /** Carries a request out; what a snapshot answers has no result here. */
  async #do(body: RequestBody, request: string): Promise<Result | undefined> {
    switch (body.type) {
      case "hello":
        return {};
      case "snapshot":
        this.#passing.snapshotFor(request);
        this.#open?.refresh();
        return undefined;
      case "threads":
        return this.#threads.page(this.#calls, body.search, body.after);
      case "variables":
        return this.#variables(body.names);
      case "code":
      case "wire":
      case "logprobs":
        return this.#read(body);
      case "comparisons": {
        const { comparisons } = await this.#calls.query(COMPARISONS, { search: body.search });
        return { comparisons: all(comparisons, comparisonRowOf) };
      }
      case "compare": {
        const result = await this.#mutate(body);
        this.#compared.show(String(result.comparison));
        return result;
      }
      case "open_comparison":
        return this.#openComparison(body.comparison, request);
      case "close_comparison":
        this.#compared.show(null);
        return {};
      case "delete_comparison": {
        const result = await this.#mutate(body);
        if (this.#compared.id === body.comparison) this.#compared.show(null);
        return result;
      }
      case "new_thread":
        return { thread: await this.#openNew() };
      case "open_thread":
        if (this.#open?.thread !== body.thread) await this.#follow(body.thread).ready;
        return {};
      case "delete_thread":
        return this.#delete(body);
      case "import_threads": {
        const result = await this.#mutate(body);
        const [first] = [result.threads].flat();
        if (typeof first === "string") await this.#follow(first).ready;
        return result;
      }
      default:
        return this.#mutate(body);
    }
  }

  async #mutate(body: RequestBody): Promise<Result> {
    const open = this.#open;
    if (!open && !LISTED.has(body.type)) {
      throw new Refused("not_found", "No thread is open", "Open one, or begin a new one.");
    }
    const thread = open?.thread ?? "";
    const made = mutationFor(body, thread);
    if (!made) throw new Refused("not_possible", "A page cannot do this", "Nothing was changed.");
    const payload = await this.#calls.mutate(made.name, made.input);
    if (typeof payload.revision === "number" && thread === made.input.threadId) {
      await this.#reached.wait(payload.revision, () => this.#open !== open);
    }
    return made.result(payload);
  }

  /** Its answer goes out by itself, before the events that follow it. */
  async #openComparison(id: string, request: string): Promise<undefined> {
    const comparison = await this.#compared.open(this.#socket, id);
    this.#passing.tell({ type: "done", request, result: { comparison } });
  }

  /** What is known of an answer of the open thread, or of the next one. */
  async #read(body: RequestBody & { readonly type: ReadType }): Promise<Result> {
    const { query, variables, result } = queryFor(body, this.#open?.thread ?? "");
    return result(await this.#calls.query(query, variables));
  }

  async #variables(names: readonly string[]): Promise<Result> {
    const threadId = this.#open?.thread;
    if (threadId === undefined) return { variables: [] };
    const { variables } = await this.#calls.query(VARIABLES, { threadId, names });
    return { variables: all(variables, variableOf) };
  }

  async #delete(body: RequestBody & { readonly thread: string }): Promise<Result> {
    const { thread } = body;
    this.#deleting.add(thread);
    try {
      const result = await this.#mutate(body);
      if (this.#open?.thread === thread) await this.#openInstead();
      return result;
    } finally {
      this.#deleting.delete(thread);
    }
  }

  /** Opens a new thread in place of one that was deleted, which it is also where that fails. */
  async #openInstead(): Promise<void> {
    try {
      await this.#openNew();
    } catch (error) {
      if (refusalOf(error).kind === "bug") throw error;
      this.#open?.fail();
      this.#open = undefined;
      this.#presence.say("missing");
    }
  }

  // -------------------------------------------------------------------------------- threads

  /** Opens a new thread, however often it takes; who is not known is asked to log in first. */
  async #begin(): Promise<void> {
    for (let failures = 1; !this.#life?.aborted; failures++) {
      try {
        await this.#openNew();
        return;
      } catch (error) {
        if (refusalOf(error).kind === "bug") throw error;
        if (error instanceof SignedOut) return;
        console.warn("playground_widget: no thread could be opened.", error);
      }
      await new Promise((resolve) => setTimeout(resolve, pauseAfter(failures)));
    }
  }

  /** Opens a new thread with the settings of the one that is open, and returns its id. */
  async #openNew(): Promise<string> {
    const thread = await this.#create(newThread(this.#on.position()?.thread));
    await this.#follow(thread).ready;
    return thread;
  }

  async #create({ name, input, result }: Mutation): Promise<string> {
    return String(result(await this.#calls.mutate(name, input)).thread);
  }

  /** Follows a thread; until its first events come, the one before it stays open. */
  #follow(thread: string): Following {
    this.#opening?.end();
    const following: Following = new Following(thread, this.#socket, () => this.#on.position(), {
      next: (payload) => this.#next(following, payload),
      ended: () => void this.#lookFor(following),
    });
    this.#opening = following;
    return following;
  }

  #next(from: Following, payload: unknown): void {
    const batch = dig(payload, "data", "threadEvents");
    const events = dig(batch, "events");
    if (!Array.isArray(events)) {
      void this.#lookFor(from);
      return;
    }
    if (from === this.#opening) {
      this.#open?.end();
      this.#open = from;
      this.#opening = undefined;
      this.#reached.reset();
    }
    if (from !== this.#open) return;
    const passed = this.#passing.pass(events);
    const revision = dig(batch, "revision");
    if (typeof revision === "number") this.#reached.to(revision);
    from.came(passed.snapshot);
    this.#presence.answers();
    this.#reached.look();
    if (passed.deleted) void this.#gone(from);
  }

  /** A subscription has ended: goes on with it, or finds that its thread is not there any more. */
  async #lookFor(following: Following): Promise<void> {
    if (following.looking) return;
    following.looking = true;
    try {
      const { thread } = await this.#calls.query(THREAD_EXISTS, { id: following.thread });
      if (following.ended) return;
      if (thread === null) await this.#gone(following);
      else following.retry();
    } catch (error) {
      if (refusalOf(error).kind === "bug") throw error;
      following.retry();
    } finally {
      following.looking = false;
    }
  }

  async #gone(following: Following): Promise<void> {
    if (this.#deleting.has(following.thread)) return;
    const at = this.#on.position()?.thread;
    following.fail();
    if (following === this.#opening) {
      this.#opening = undefined;
      if (!this.#open) this.#presence.say("missing");
    } else if (at?.id === following.thread && at.messages.length === 0) {
      await this.#replace(at);
    } else {
      this.#open = undefined;
      this.#presence.say("missing");
    }
  }

  /** A thread without messages is nowhere stored: one that a restart took is made again. */
  async #replace(lost: Thread): Promise<void> {
    const { name, input, result } = newThread(lost);
    const titled = lost.title === "" ? {} : { title: lost.title };
    try {
      const thread = await this.#create({ name, input: { ...input, ...titled }, result });
      this.#on.renamed(lost.id, thread);
      this.#follow(thread);
    } catch (error) {
      if (refusalOf(error).kind === "bug") throw error;
      this.#open = undefined;
      this.#presence.say("missing");
    }
  }

  // ----------------------------------------------------------------------------- connection

  #lose(next: number): void {
    this.#calls.lost();
    this.#presence.lose(next);
    void this.#lookIn();
  }

  /** Looks whether it is for want of a login that there is no connection, or not any more. */
  async #lookIn(): Promise<void> {
    try {
      await this.#calls.probe();
    } catch {
      // It says itself that a login is needed, and the rest is for the socket to find out.
      return;
    }
    if (!this.#presence.isSignedOut) return;
    this.#presence.signIn(this.#socket.up && this.#open ? "live" : "reconnecting");
    if (!this.#open && !this.#opening) await this.#begin();
  }

  get #on(): ChannelListener {
    return this.#attached.on;
  }

  get #socket(): Socket {
    return this.#attached.socket;
  }

  get #calls(): Calls {
    return this.#attached.calls;
  }

  get #attached() {
    if (!this.#line) throw new Error("Nobody listens to this channel yet.");
    return this.#line;
  }
}
