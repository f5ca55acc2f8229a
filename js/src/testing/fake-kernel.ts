// A kernel good enough to develop and test the components against, without Python.
//
// It answers every request with the events that a real one sends, and streams scripted answers.

import { codePoints, find, leaf, type Message, type Part, path, textOf } from "../model.ts";
import type { AssetName, Event, Request, RequestBody, Snapshot, Structural } from "../protocol.ts";
import { emptySettings, emptyThread, Replica } from "../store/replica.ts";
import { type Script, scripted } from "./answers.ts";
import { FakeChannel } from "./fake-channel.ts";

/** A structural event before it has its revision. */
type Unnumbered = Structural extends infer E ? (E extends E ? Omit<E, "revision"> : never) : never;

export interface FakeKernelOptions {
  readonly snapshot?: Snapshot;
  /** What to answer a question with. */
  readonly script?: (question: string) => Script;
  /** Code points a second. */
  readonly speed?: number;
  /** The texts of the modules that come when they are needed. */
  readonly modules?: Partial<Record<AssetName, string>>;
}

interface Run {
  readonly message: string;
  cancelled: boolean;
  /** Ends the pause before another attempt. */
  wake?: () => void;
}

const BATCH = 33;

export class FakeKernel {
  readonly channel: FakeChannel;
  readonly #script: (question: string) => Script;
  readonly #speed: number;
  readonly #modules: Partial<Record<AssetName, string>>;
  readonly #state = new Replica(emptyThread, emptySettings);
  readonly #undo = new Map<string, string | null>();
  readonly #queue: (() => Promise<void>)[] = [];
  #run: Run | undefined;
  #ids = 0;

  constructor(options: FakeKernelOptions = {}) {
    this.#script = options.script ?? scripted;
    this.#speed = options.speed ?? 400;
    this.#modules = options.modules ?? {};
    this.#state.adopt(options.snapshot ?? firstSnapshot);
    this.channel = new FakeChannel(this.#state.present());
    this.channel.onRequest = (request) => {
      setTimeout(() => this.#answer(request));
    };
  }

  /** Everything as the kernel has it now. */
  present(): Snapshot {
    return this.#state.present();
  }

  /** Whether an answer is being written. */
  get running(): boolean {
    return this.#run !== undefined;
  }

  // ---------------------------------------------------------------------------- requests

  #answer({ request, ...body }: Request): void {
    try {
      const result = this.#carryOut(body as RequestBody, request);
      if (result) this.channel.takeEvents({ type: "done", request, result });
    } catch (error) {
      const refusal = { kind: "bad_request", title: String(error), detail: "Nothing changed." };
      this.channel.takeEvents({ type: "refused", request, error: refusal });
    }
  }

  #carryOut(body: RequestBody, request: string): Record<string, unknown> | undefined {
    switch (body.type) {
      case "hello":
        this.channel.takeStatus("live");
        return {};
      case "snapshot":
        this.channel.takeSnapshot(this.present());
        return {};
      case "send": {
        const message = this.#message(body.role ?? "user", body.content, this.#head);
        this.#emit({ type: "added", messages: [message], head: message.id });
        this.#start();
        return {};
      }
      case "add": {
        const at = body.before ?? body.after ?? this.#head;
        const later = at === null ? [] : this.#after(at, body.before !== undefined);
        const parent = at === null || !body.before ? at : this.#find(at).parent;
        const message = this.#message(body.role, body.content, parent);
        return this.#replace("the added message", [message], later);
      }
      case "run":
        this.#start();
        return {};
      case "edit": {
        const { parent, role, content } = this.#find(body.message);
        const edited = this.#message(body.role ?? role, body.content ?? content, parent);
        const later = body.rerun ? [] : this.#after(body.message);
        const result = this.#replace("the edit", [edited], later);
        if (body.rerun) this.#start();
        return result;
      }
      case "delete": {
        const [first] = body.messages;
        if (first === undefined) throw new Error("No message was named");
        const later = this.#after(first, true).filter(({ id }) => !body.messages.includes(id));
        const result = this.#replace("the deletion", [], later, this.#find(first).parent);
        if (body.rerun) this.#start();
        return result;
      }
      case "undo": {
        const token = body.token ?? [...this.#undo.keys()].at(-1) ?? "";
        const head = this.#undo.get(token);
        if (head === undefined) throw new Error("There is nothing to undo");
        this.#undo.delete(token);
        this.#emit({ type: "selected", head });
        this.#set({ undo: [...this.#undo.keys()].at(-1) ?? null });
        return {};
      }
      case "regenerate":
        this.#start(this.#find(body.message).parent);
        return {};
      case "continue": {
        const { parent, content } = this.#find(body.message);
        this.#start(parent, { continued: body.message, content });
        return {};
      }
      case "select":
        this.#emit({
          type: "selected",
          head: leaf(this.#state.thread, this.#find(body.message).id),
        });
        return {};
      case "stop":
        this.#queue.splice(1);
        if (this.#run) this.#run.cancelled = true;
        this.#run?.wake?.();
        return {};
      case "retry_now":
        this.#run?.wake?.();
        return {};
      case "set": {
        const { type: _, ...changes } = body;
        this.#emit({ type: "changed", changes });
        return {};
      }
      case "connect": {
        const demo = body.name === "demo";
        const connection = { name: body.name, label: body.name, demo, status: "ready" as const };
        this.#set({ connection: demo ? firstSnapshot.settings.connection : connection });
        return {};
      }
      case "models":
        return { models: this.#state.settings.models.map(({ id }) => id) };
      case "asset": {
        const bytes = new TextEncoder().encode(this.#modules[body.name] ?? "");
        const asset = { type: "asset", request, name: body.name };
        this.channel.takeMessage(asset, [new DataView(bytes.buffer)]);
        return undefined;
      }
      case "claim":
        return { granted: true };
    }
  }

  // ------------------------------------------------------------------------------- runs

  #start(parent = this.#head, more: Partial<Message> = {}): void {
    this.#queue.push(async () => {
      const answer = this.#message("assistant", more.content ?? [], parent);
      const message: Message = { ...answer, ...more, status: "streaming", model: "demo" };
      this.#run = { message: message.id, cancelled: false };
      this.#emit({ type: "started", message, head: message.id });
      this.#set({ running: message.id, queued: this.#queue.length - 1 });
      const question = parent === null ? "" : this.#find(parent).content.map(textOf).join("");
      await this.#write(this.#run, this.#script(question));
      this.#run = undefined;
      this.#queue.shift();
      this.#set({ running: null, queued: Math.max(0, this.#queue.length - 1) });
      void this.#queue[0]?.();
    });
    if (this.#queue.length === 1) void this.#queue[0]?.();
    else this.#set({ queued: this.#queue.length - 1 });
  }

  async #write(run: Run, script: Script): Promise<void> {
    const began = performance.now();
    const { message } = run;
    if (script.wait && script.error) {
      const retry = { attempt: 2, attempts: 4, wait: script.wait, error: script.error };
      this.#emit({ type: "retrying", message, retry });
      await this.#pause(1000 * script.wait, run);
      this.#emit({ type: "retrying", message, retry: null });
    }
    const first = (performance.now() - began) / 1000;
    await this.#stream(run, "reasoning", script.reasoning ?? "");
    const thought = (performance.now() - began) / 1000 - first;
    await this.#stream(run, "text", script.text);
    const answer = this.#state.growing.get(message);
    const failed = script.error && !script.wait && !run.cancelled;
    this.#emit({
      type: "finished",
      message,
      lengths: answer?.lengths ?? [],
      final: {
        status: run.cancelled ? "cancelled" : failed ? "failed" : "complete",
        ...(failed && script.error ? { error: script.error } : {}),
        ...(run.cancelled || failed ? {} : { finish_reason: script.finish_reason ?? "stop" }),
        usage: { input_tokens: 120, output_tokens: answer?.tokens ?? 0, cost: 0.0004 },
        timing: {
          duration: (performance.now() - began) / 1000,
          first_token: first,
          ...(script.reasoning ? { reasoning: thought } : {}),
        },
      },
    });
  }

  async #stream(run: Run, kind: "text" | "reasoning", text: string): Promise<void> {
    const points = [...text];
    const each = Math.max(1, Math.round((this.#speed * BATCH) / 1000));
    for (let at = 0; at < points.length && !run.cancelled; at += each) {
      const answer = this.#state.growing.get(run.message);
      if (!answer) return;
      const last = answer.parts.length - 1;
      const part = answer.parts[last]?.type === kind ? last : last + 1;
      const piece = points.slice(at, at + each).join("");
      const offset = answer.lengths[part] ?? 0;
      const tokens = answer.tokens + Math.ceil(codePoints(piece) / 4);
      this.#tell({ type: "text", message: run.message, part, offset, text: piece, kind, tokens });
      await this.#pause(BATCH);
    }
  }

  #pause(wait: number, run?: Run): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(resolve, wait);
      if (run) run.wake = resolve;
    });
  }

  // -------------------------------------------------------------------------------- tree

  get #head(): string | null {
    return this.#state.thread.head;
  }

  #find(id: string): Message {
    const message = find(this.#state.thread, id);
    if (!message) throw new Error(`There is no message ${id}`);
    return message;
  }

  #message(role: Message["role"], content: readonly Part[], parent: string | null): Message {
    const created = Date.now() / 1000;
    return { id: `f${++this.#ids}`, parent, role, content, status: "complete", created };
  }

  /** What follows a message on the active path, the message itself among it if asked for. */
  #after(id: string, inclusive = false): readonly Message[] {
    const active = path(this.#state.thread);
    const at = active.findIndex((message) => message.id === id);
    if (at < 0) throw new Error(`Message ${id} is not on the active path`);
    return active.slice(inclusive ? at : at + 1);
  }

  /** A new path: what was added, then copies of what stays; it can be undone. */
  #replace(
    what: string,
    added: readonly Message[],
    later: readonly Message[],
    parent: string | null = null,
  ): Record<string, unknown> {
    const token = `${what} ${++this.#ids}`;
    this.#undo.set(token, this.#head);
    let last = added.at(-1)?.id ?? parent;
    const copies = later.map((message) => {
      const id = `f${++this.#ids}`;
      const copy = { ...message, id, parent: last, copy_of: message.copy_of ?? message.id };
      last = id;
      return copy;
    });
    this.#emit({ type: "added", messages: [...added, ...copies], head: last });
    this.#set({ undo: token });
    return { undo: token };
  }

  #emit(event: Unnumbered): void {
    this.#tell({ ...event, revision: this.#state.revision + 1 } as Structural);
  }

  #set(changes: Partial<Snapshot["settings"]>): void {
    this.#tell({ type: "settings", settings: { ...this.#state.settings, ...changes } });
  }

  #tell(event: Exclude<Event, { type: "done" | "refused" }>): void {
    if (this.#state.fold(event) !== "applied") throw new Error(`A ${event.type} does not fit`);
    this.channel.takeEvents(event);
    this.channel.replaceSnapshot(this.present());
  }
}

/** A first run: an empty thread on the demo connection. */
export const firstSnapshot: Snapshot = {
  revision: 0,
  thread: { ...emptyThread, id: "t1", model: "demo" },
  settings: {
    ...emptySettings,
    connection: { name: "demo", label: "Demo", demo: true, status: "ready" },
    connections: [
      { name: "demo", label: "Demo", demo: true, note: "Answers from this computer, no key" },
      { name: "openai", label: "OpenAI", demo: false },
    ],
    models: [
      { id: "demo", context: 128_000, note: "Explains the playground" },
      { id: "demo-slow", context: 8_000, note: "Slow answers" },
    ],
    usage: { context: 0, window: 128_000, cost: 0, input_tokens: 0, output_tokens: 0 },
  },
};
