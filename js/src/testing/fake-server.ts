// A GraphQL server good enough to develop and test the page against: the fake kernel behind the
// documents that the page asks with. What a test does to the network happens here too.

import { vi } from "vitest";
import { dig } from "../channel/dig.ts";
import type { CodeLanguage, RequestBody } from "../protocol.ts";
import { FakeKernel, type FakeKernelOptions } from "./fake-kernel.ts";
import { FakeSocket } from "./fake-socket.ts";
import { cellEventForm, comparisonRowForm, wholeForm } from "./graphql-comparison.ts";
import { eventForm, snapshotForm, variableForm, wireForm } from "./graphql-form.ts";
import { Journal, type Offset } from "./journal.ts";
import { requestOf } from "./mutations.ts";

type Fields = Record<string, unknown>;

interface Subscriber {
  readonly socket: FakeSocket;
  readonly id: string;
  /** One of them; neither for the list of threads. */
  readonly thread?: string;
  readonly comparison?: string;
}

export interface Asked {
  readonly name: string;
  readonly variables: Fields;
}

export class FakeServer {
  readonly kernel: FakeKernel;
  /** Queries and mutations that arrived, oldest first. */
  readonly asked: Asked[] = [];
  id = "server-1";
  /** What it says to each HTTP request instead of an answer. */
  status: number | undefined;
  /** That many answers to mutations get lost on their way back. */
  losing = 0;
  /** Threads that a test says are not there. */
  readonly missing = new Set<string>();
  #up = true;
  readonly #life = new AbortController();
  readonly #journals = new Map<string, Journal>();
  readonly #payloads = new Map<string, Promise<Fields>>();
  #subscribers: Subscriber[] = [];
  readonly #waiting = new Map<string, (event: Fields) => void>();
  #requests = 0;
  #changes = 0;

  /** Mutations that are refused. */
  readonly refusing = new Set<string>();

  constructor(options: FakeKernelOptions = {}) {
    this.kernel = new FakeKernel(options);
    this.kernel.channel.listen(
      {
        snapshot: () => undefined,
        batch: (data) => this.#hear((data as { events: Fields[] }).events),
        message: () => undefined,
        status: () => undefined,
        position: () => undefined,
        renamed: () => undefined,
      },
      this.#life.signal,
    );
    FakeSocket.install();
    FakeSocket.onMade = (socket) => queueMicrotask(() => this.#meet(socket));
    vi.stubGlobal("fetch", (_url: string, init: RequestInit) => this.#post(init));
  }

  /** The thread that the page follows, as this server has it. */
  get revision(): number {
    return this.kernel.present().revision;
  }

  get subscribers(): number {
    return this.#subscribers.length;
  }

  /** The network is away: nothing arrives and nothing comes back. */
  goAway(code = 1006): void {
    this.#up = false;
    this.cut(code);
  }

  comeBack(): void {
    this.#up = true;
  }

  /** Ends the connections, as a network does that is back at once. */
  cut(code = 1006): void {
    this.#subscribers = [];
    for (const socket of FakeSocket.made) socket.end(code);
  }

  /** It starts again: it remembers no payloads, no revisions, and no thread without messages. */
  restart(): void {
    this.id = `server-${Number(this.id.split("-")[1]) + 1}`;
    const { thread } = this.kernel.present();
    if (thread.messages.length === 0) this.missing.add(thread.id);
    this.#journals.clear();
    this.#payloads.clear();
    this.cut(1012);
  }

  /** The inputs of a mutation or the variables of a query so far. */
  inputs(name: string): Fields[] {
    return this.asked
      .filter((asked) => asked.name === name)
      .map(({ variables }) => (variables.input ?? variables) as Fields);
  }

  // -------------------------------------------------------------------------------- HTTP

  async #post({ body, signal }: RequestInit): Promise<Response> {
    const lost = new Promise<never>((_, reject) =>
      signal?.addEventListener("abort", () => reject(new TypeError("aborted"))),
    );
    return Promise.race([lost, this.#respond(JSON.parse(String(body)))]);
  }

  async #respond({ query, variables }: { query: string; variables: Fields }): Promise<Response> {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (!this.#up) throw new TypeError("Failed to fetch");
    if (this.status !== undefined) return new Response("", { status: this.status });
    const name = /^\s*\w+ (\w+)/.exec(query)?.[1] ?? "";
    const field = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    const mutates = query.startsWith("mutation");
    this.asked.push({ name: field, variables });
    const data = mutates
      ? { [field]: await this.#once(field, variables.input as Fields) }
      : await this.#query(field, variables);
    if (mutates && this.losing > 0) {
      this.losing--;
      throw new TypeError("Failed to fetch");
    }
    return Response.json({ data });
  }

  async #query(name: string, variables: Fields): Promise<Fields> {
    if (name === "server") return { server: { id: this.id } };
    if (name === "threadExists") {
      const id = String(variables.id);
      return { thread: (await this.#has(id)) ? { id } : null };
    }
    if (name === "variables") {
      const answer = await this.#ask({ type: "variables", names: variables.names as string[] });
      const { variables: found } = answer.result as { variables: Fields[] };
      return { variables: found.map(variableForm) };
    }
    if (name === "code" || name === "wire" || name === "logprobs") {
      return { [name]: await this.#read(name, variables) };
    }
    if (name === "comparisons") {
      const { search } = variables;
      const answer = await this.#ask({ type: name, ...(search ? { search: String(search) } : {}) });
      const { comparisons } = answer.result as { comparisons: Fields[] };
      return { comparisons: comparisons.map(comparisonRowForm) };
    }
    const { search, after } = variables;
    const page = await this.#ask({
      type: "threads",
      ...(search ? { search: String(search) } : {}),
      ...(after ? { after: String(after) } : {}),
    });
    const result = page.result as { threads: Fields[]; after: string | null };
    const edges = result.threads.map(({ messages, branches, snippet = [], ...row }) => ({
      node: { ...row, messageCount: messages, branchCount: branches, snippet },
    }));
    return {
      threads: {
        edges,
        pageInfo: { hasNextPage: result.after !== null, endCursor: result.after },
      },
    };
  }

  async #read(type: "code" | "wire" | "logprobs", variables: Fields): Promise<unknown> {
    const message = variables.message as string | null;
    const language = String(variables.language).toLowerCase() as CodeLanguage;
    const body = type === "code" ? { type, language, message } : { type, message: String(message) };
    const result = (await this.#ask(body)).result as Fields;
    if (type === "code") return result.text;
    return type === "wire" ? wireForm(result) : result.tokens;
  }

  /** The same id gets the same payload. */
  #once(name: string, input: Fields): Promise<Fields> {
    const id = String(input.clientMutationId);
    const known = this.#payloads.get(id);
    if (known) return known;
    const made = this.#mutate(name, input);
    this.#payloads.set(id, made);
    return made;
  }

  async #mutate(name: string, input: Fields): Promise<Fields> {
    const { body, payload } = requestOf(name, input);
    const thread = input.threadId === undefined ? undefined : String(input.threadId);
    if (thread !== undefined && this.missing.has(thread)) return refused("not_found", "No thread");
    if (this.refusing.has(name)) return refused("store", "The disk is full");
    const answer = await this.#ask(body);
    if (answer.type === "refused") {
      const { kind, title, detail } = answer.error as Fields;
      return { error: { __typename: "InvalidInput", kind, title, detail } };
    }
    return { error: null, revision: this.revision, ...payload(answer.result as Fields) };
  }

  async #has(thread: string): Promise<boolean> {
    if (this.missing.has(thread)) return false;
    if (this.kernel.present().thread.id === thread) return true;
    return (await this.#ask({ type: "open_thread", thread })).type === "done";
  }

  #ask(body: RequestBody): Promise<Fields> {
    const request = `q${++this.#requests}`;
    return new Promise((resolve) => {
      this.#waiting.set(request, resolve);
      this.kernel.channel.send({ ...body, request });
    });
  }

  // ----------------------------------------------------------------------- subscriptions

  #meet(socket: FakeSocket): void {
    if (!this.#up) {
      socket.end(1006);
      return;
    }
    socket.onSent = (message) => {
      const id = String(message.id);
      if (message.type === "connection_init") socket.say({ type: "connection_ack" });
      if (message.type === "ping") socket.say({ type: "pong" });
      if (message.type === "complete") {
        this.#subscribers = this.#subscribers.filter((s) => s.id !== id || s.socket !== socket);
      }
      if (message.type === "subscribe") void this.#subscribe(socket, id, message.payload as Fields);
    };
    socket.open();
  }

  async #subscribe(socket: FakeSocket, id: string, payload: Fields): Promise<void> {
    const variables = payload.variables as { id: string; revision?: number; offsets?: Offset[] };
    if (String(payload.query).includes("threadsChanged")) {
      this.#subscribers.push({ socket, id });
      socket.say(next(id, { threadsChanged: { changes: this.#changes } }));
      return;
    }
    if (String(payload.query).includes("comparisonEvents")) {
      await this.#compare(socket, id, variables.id);
      return;
    }
    const thread = variables.id;
    if (!(await this.#has(thread))) {
      socket.say({ type: "error", id, payload: [{ message: "There is no such thread" }] });
      return;
    }
    const journal = this.#journal();
    const { revision, offsets = [] } = variables;
    const missing = revision === undefined ? undefined : journal.since(revision, offsets);
    const events = missing ? missing.map(eventForm) : [snapshotForm(this.kernel.present())];
    this.#subscribers.push({ socket, id, thread });
    socket.say(next(id, { threadEvents: { revision: journal.revision, events } }));
  }

  /** The kernel tells of what it shows, which is what was opened last. */
  async #compare(socket: FakeSocket, id: string, comparison: string): Promise<void> {
    const answer = await this.#ask({ type: "open_comparison", comparison });
    if (answer.type === "refused") {
      socket.say({ type: "error", id, payload: [{ message: "There is no such comparison" }] });
      return;
    }
    this.#subscribers.push({ socket, id, comparison });
    const events = [wholeForm(dig(answer, "result", "comparison"))];
    socket.say(next(id, { comparisonEvents: { events } }));
  }

  #tellCompared({ comparison, events }: Fields): void {
    const data = { comparisonEvents: { events: (events as Fields[]).map(cellEventForm) } };
    for (const each of this.#subscribers) {
      if (each.comparison === comparison) each.socket.say(next(each.id, data));
    }
  }

  /** A comparison that others have deleted: its subscriptions end. */
  endComparison(comparison: string): void {
    for (const { socket, id } of this.#subscribers.filter((s) => s.comparison === comparison)) {
      socket.say({ type: "complete", id });
    }
    this.#subscribers = this.#subscribers.filter((each) => each.comparison !== comparison);
  }

  /** Of the thread that the kernel has open. */
  #journal(): Journal {
    const present = this.kernel.present();
    const known = this.#journals.get(present.thread.id);
    if (known && known.revision === present.revision) return known;
    const made = new Journal(present);
    this.#journals.set(present.thread.id, made);
    return made;
  }

  #hear(events: readonly Fields[]): void {
    const { thread } = this.kernel.present();
    for (const event of events) {
      if (event.type === "done" || event.type === "refused") {
        const request = String(event.request);
        this.#waiting.get(request)?.(event);
        this.#waiting.delete(request);
        continue;
      }
      if (event.type === "comparison") {
        this.#tellCompared(event);
        continue;
      }
      this.#journals.get(thread.id)?.take(event);
      const form = eventForm(event);
      if (!form) continue;
      const data = { threadEvents: { revision: this.revision, events: [form] } };
      for (const { socket, id, thread: followed } of this.#subscribers) {
        if (followed === thread.id) socket.say(next(id, data));
      }
      if (event.type === "settings") this.#recount(event);
    }
  }

  #recount({ settings }: Fields): void {
    const { threads = 0 } = settings as { threads?: number };
    if (threads === this.#changes) return;
    this.#changes = threads;
    for (const { socket, id, thread, comparison } of this.#subscribers) {
      if (thread ?? comparison) continue;
      socket.say(next(id, { threadsChanged: { changes: threads } }));
    }
  }
}

const next = (id: string, data: Fields) => ({ type: "next", id, payload: { data } });

const refused = (kind: string, title: string) => ({
  error: { __typename: "NotFound", kind, title, detail: "Nothing was changed." },
});
