// A kernel good enough to develop and test the components against, without Python.
//
// It answers every request with the events that a real one sends, and streams scripted answers. Its
// threads are in memory; an answer goes on being written in a thread that is no longer open.

import type { ComparedCell, ComparisonSnapshot, Variant } from "../comparison/model.ts";
import type { Message, Params, Part, Thread, Variable } from "../model.ts";
import { path } from "../paths.ts";
import type { AssetName, Request, RequestBody, Snapshot } from "../protocol.ts";
import { type Script, scripted } from "./answers.ts";
import { fakeCode, fakeLogprobs, fakeWire } from "./asked.ts";
import { FakeComparisons } from "./comparisons.ts";
import { fakeExport } from "./exports.ts";
import type { FakeChannel } from "./fake-channel.ts";
import { FakeDesk } from "./fake-desk.ts";
import { FakeRuns } from "./fake-runs.ts";
import { type FakeThread, FakeThreads, HeldThreads } from "./fake-threads.ts";
import { FakeVariables } from "./fake-variables.ts";
import { firstSnapshot } from "./first-snapshot.ts";

export interface FakeKernelOptions {
  readonly snapshot?: Snapshot;
  /** What to answer a question with. */
  readonly script?: (question: string) => Script;
  /** Code points a second. */
  readonly speed?: number;
  /** Threads beside the open one: how each is listed, and what is in it. */
  readonly threads?: readonly FakeThread[];
  readonly comparisons?: readonly ComparisonSnapshot[];
  /** What to answer a cell of a comparison with; without it, as in a conversation. */
  readonly compared?: (question: string, variant: Variant) => Script;
  /** The texts of the modules that come when they are needed. */
  readonly modules?: Partial<Record<AssetName, string>>;
}

export class FakeKernel {
  readonly channel: FakeChannel;
  readonly comparisons: FakeComparisons;
  readonly #desk: FakeDesk;
  readonly #threads: FakeThreads;
  readonly #runs: FakeRuns;
  readonly #variables: FakeVariables;
  readonly #modules: Partial<Record<AssetName, string>>;
  readonly #undo = new Map<string, string | null>();

  constructor(options: FakeKernelOptions = {}) {
    const { script = scripted, speed = 400, compared = script, comparisons = [] } = options;
    const held = new HeldThreads(options.snapshot ?? firstSnapshot, options.threads ?? []);
    this.#modules = options.modules ?? {};
    this.#desk = new FakeDesk(held.first);
    this.#threads = new FakeThreads(this.#desk, held);
    this.#runs = new FakeRuns(this.#desk, { script, speed });
    this.#variables = new FakeVariables(this.#desk);
    this.channel = this.#desk.channel;
    this.comparisons = new FakeComparisons({
      present: () => this.present(),
      show: (id) => this.#show(id),
      tell: (events) => this.channel.takeEvents(events),
      use: (cell, variant) => this.#use(cell, variant),
      script: compared,
      speed,
      kept: comparisons,
    });
    this.channel.onRequest = (request) => {
      setTimeout(() => this.#answer(request));
    };
  }

  /** Everything as the kernel has it now. */
  present(): Snapshot {
    return this.#desk.present();
  }

  /** Whether an answer is being written. */
  get running(): boolean {
    return this.#runs.running;
  }

  /** What a cell of the notebook does. */
  assign(name: string, variable: Partial<Variable>): void {
    this.#variables.assign(name, variable);
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
        this.#variables.refuseUnset(body.content);
        const message = this.#desk.message(body.role ?? "user", body.content, this.#desk.head);
        this.#desk.emit({ type: "added", messages: [message], head: message.id });
        this.#runs.start();
        return {};
      }
      case "add": {
        const at = body.before ?? body.after ?? this.#desk.head;
        const later = at === null ? [] : this.#desk.after(at, body.before !== undefined);
        const parent = at === null || !body.before ? at : this.#desk.find(at).parent;
        const message = this.#desk.message(body.role, body.content, parent);
        return this.#replace("the added message", [message], later);
      }
      case "run":
        this.#runs.start();
        return {};
      case "edit": {
        const { parent, role, content } = this.#desk.find(body.message);
        const edited = this.#desk.message(body.role ?? role, body.content ?? content, parent);
        const later = body.rerun ? [] : this.#desk.after(body.message);
        const result = this.#replace("the edit", [edited], later);
        if (body.rerun) this.#runs.start();
        return result;
      }
      case "delete": {
        const [first] = body.messages;
        if (first === undefined) throw new Error("No message was named");
        const later = this.#desk.after(first, true).filter(({ id }) => !body.messages.includes(id));
        const result = this.#replace("the deletion", [], later, this.#desk.find(first).parent);
        if (body.rerun) this.#runs.start();
        return result;
      }
      case "undo": {
        const token = body.token ?? [...this.#undo.keys()].at(-1) ?? "";
        const head = this.#undo.get(token);
        if (head === undefined) throw new Error("There is nothing to undo");
        this.#undo.delete(token);
        this.#desk.emit({ type: "selected", head });
        this.#desk.set({ undo: [...this.#undo.keys()].at(-1) ?? null });
        return {};
      }
      case "regenerate":
        this.#runs.start(this.#desk.find(body.message).parent);
        return {};
      case "continue": {
        const { parent, content } = this.#desk.find(body.message);
        this.#runs.start(parent, { continued: body.message, content });
        return {};
      }
      case "reask": {
        const { parent, invalid, params } = this.#desk.find(body.message);
        if (invalid === undefined) throw new Error("That answer fits");
        this.#runs.start(parent, { reasked: body.message, ...(params ? { params } : {}) });
        return {};
      }
      case "allow":
        this.#runs.consent(body.message, true, body.always);
        return {};
      case "deny":
        this.#runs.consent(body.message, false);
        return {};
      case "select":
        this.#desk.emit({
          type: "selected",
          head: newestEnd(this.#desk.state.thread, this.#desk.find(body.message).id),
        });
        return {};
      case "stop":
        this.#runs.stop();
        return {};
      case "retry_now":
        this.#runs.hurry();
        return {};
      case "set": {
        const { type: _, params, ...changes } = body;
        const merged = params && { params: changedParams(this.#desk.state.thread.params, params) };
        this.#desk.emit({ type: "changed", changes: { ...changes, ...merged } });
        return {};
      }
      case "connect": {
        const demo = body.name === "demo";
        const connection = { name: body.name, label: body.name, demo, status: "ready" as const };
        this.#desk.set({ connection: demo ? firstSnapshot.settings.connection : connection });
        return {};
      }
      case "models":
        return { models: this.#desk.state.settings.models.map(({ id }) => id) };
      case "asset": {
        const bytes = new TextEncoder().encode(this.#modules[body.name] ?? "");
        const asset = { type: "asset", request, name: body.name };
        this.channel.takeMessage(asset, [new DataView(bytes.buffer)]);
        return undefined;
      }
      case "claim":
        return { granted: true };
      case "variables":
        return { variables: this.#variables.look(body.names) };
      case "set_variable":
        this.#variables.set(body.name, body.value);
        return {};
      case "threads":
        return this.#threads.page(body.search ?? "", Number(body.after ?? 0));
      case "new_thread":
        return { thread: this.#threads.add({ title: "" }, true) };
      case "open_thread":
        this.#threads.open(body.thread);
        return {};
      case "rename_thread":
        this.#threads.change(body.thread, { title: body.title });
        return {};
      case "pin_thread":
        this.#threads.list(body.thread, { pinned: body.pinned });
        return {};
      case "duplicate_thread":
        return { thread: this.#threads.duplicate(body.thread) };
      case "delete_thread":
        this.#threads.remove(body.thread);
        return {};
      case "restore_thread":
        this.#threads.restore(body.thread);
        return {};
      case "export":
        return fakeExport(this.present().thread, body);
      case "code":
        if (body.message !== null) this.#desk.find(body.message);
        return { text: fakeCode(body.language, this.present().thread) };
      case "wire":
        return fakeWire(this.#desk.find(body.message), this.present().thread);
      case "logprobs":
        return { tokens: fakeLogprobs(this.#desk.find(body.message)) };
      case "set_tool": {
        const tools = (this.#desk.state.settings.tools ?? []).map((tool) =>
          tool.name === body.name ? { ...tool, enabled: body.enabled } : tool,
        );
        this.#desk.set({ tools });
        return {};
      }
      case "import_threads": {
        if (!body.text.startsWith("{")) throw new Error(`${body.name} holds no conversation`);
        return { threads: [this.#threads.add({ title: body.name.replace(/\.\w+$/, "") }, true)] };
      }
      default:
        return this.comparisons.carryOut(body);
    }
  }

  // ------------------------------------------------------------------------------- paths

  /** A new path: what was added, then copies of what stays; it can be undone. */
  #replace(
    what: string,
    added: readonly Message[],
    later: readonly Message[],
    parent: string | null = null,
  ): Record<string, unknown> {
    const token = `${what} ${this.#desk.newId()}`;
    this.#undo.set(token, this.#desk.head);
    let last = added.at(-1)?.id ?? parent;
    const copies = later.map((message) => {
      const id = `f${this.#desk.newId()}`;
      const copy = { ...message, id, parent: last, copy_of: message.copy_of ?? message.id };
      last = id;
      return copy;
    });
    this.#desk.emit({ type: "added", messages: [...added, ...copies], head: last });
    this.#desk.set({ undo: token });
    return { undo: token };
  }

  #show(id: string | null): void {
    const { comparison: _, ...settings } = this.#desk.state.settings;
    const shown = id === null ? settings : { ...settings, comparison: id };
    this.#desk.tell({ type: "settings", settings: shown });
  }

  /** An answer of a comparison becomes the next message. */
  #use({ output }: ComparedCell, { model, params }: Variant): string {
    const content: readonly Part[] = [{ type: "text", text: output }];
    const active = path(this.#desk.state.thread);
    const asked = active.filter(({ role }) => role === "user").at(-1)?.id ?? null;
    const message = { ...this.#desk.message("assistant", content, asked), model, params };
    this.#desk.emit({ type: "added", messages: [message], head: message.id });
    return message.id;
  }
}

/** Those that are named are set, or with null unset. */
function changedParams(before: Params, changes: Params): Params {
  const all = Object.entries({ ...before, ...changes });
  return Object.fromEntries(all.filter(([, value]) => value !== null));
}

/** The end of the newest path through a message. */
function newestEnd(thread: Thread, id: string): string {
  const newest = thread.messages.filter(({ parent }) => parent === id).at(-1);
  return newest ? newestEnd(thread, newest.id) : id;
}
