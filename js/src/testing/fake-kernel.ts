// A kernel good enough to develop and test the components against, without Python.
//
// It answers every request with the events that a real one sends, and streams scripted answers. Its
// threads are in memory; an answer goes on being written in a thread that is no longer open.

import type { ComparisonSnapshot, Variant } from "../comparison/model.ts";
import { callOf } from "../components/content.ts";
import {
  codePoints,
  find,
  leaf,
  type Message,
  type Params,
  type Part,
  path,
  type Thread,
  type ThreadRow,
  textOf,
  type Variable,
} from "../model.ts";
import type {
  AssetName,
  Change,
  Final,
  Request,
  RequestBody,
  Snapshot,
  Structural,
} from "../protocol.ts";
import { emptySettings, emptyThread, Replica } from "../store/replica.ts";
import { names } from "../variables.ts";
import { type Script, type ScriptedCall, scripted } from "./answers.ts";
import { fakeCode, fakeLogprobs, fakeWire } from "./asked.ts";
import { FakeComparisons } from "./comparisons.ts";
import { fakeExport } from "./exports.ts";
import { FakeChannel } from "./fake-channel.ts";

/** A structural event before it has its revision. */
type Unnumbered = Structural extends infer E ? (E extends E ? Omit<E, "revision"> : never) : never;

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

/** A thread in the memory of the fake kernel; what is not said follows from its messages. */
export type FakeThread = Partial<ThreadRow> & {
  readonly id: string;
  readonly thread?: Partial<Thread>;
};

interface Held {
  readonly state: Replica;
  readonly listed: Partial<ThreadRow>;
  deleted: boolean;
}

interface Run {
  /** The answer, or the result, that is written. */
  message: string;
  /** The thread that it writes in. */
  readonly state: Replica;
  cancelled: boolean;
  /** Ends the pause before another attempt. */
  wake?: () => void;
}

const BATCH = 33;
const PAGE = 50;

export class FakeKernel {
  readonly channel: FakeChannel;
  readonly comparisons: FakeComparisons;
  readonly #script: (question: string) => Script;
  readonly #speed: number;
  readonly #modules: Partial<Record<AssetName, string>>;
  readonly #threads = new Map<string, Held>();
  #state = new Replica(emptyThread, emptySettings);
  readonly #undo = new Map<string, string | null>();
  readonly #values = new Map<string, string>();
  readonly #notebook = new Map<string, Partial<Variable>>();
  readonly #queue: (() => Promise<void>)[] = [];
  #run: Run | undefined;
  /** What waits for consent: how each is answered. */
  readonly #consents = new Map<string, (allowed: boolean) => void>();
  readonly #always = new Set<string>();
  #ids = 0;

  constructor(options: FakeKernelOptions = {}) {
    this.#script = options.script ?? scripted;
    this.#speed = options.speed ?? 400;
    this.#modules = options.modules ?? {};
    const first = options.snapshot ?? firstSnapshot;
    for (const { thread, ...listed } of options.threads ?? []) {
      this.#hold(
        { ...first, thread: { ...emptyThread, model: "demo", ...thread, ...idOf(listed) } },
        listed,
      );
    }
    this.#state = this.#hold(first, this.#threads.get(first.thread.id)?.listed ?? {});
    this.comparisons = new FakeComparisons({
      present: () => this.present(),
      show: (id) => this.#show(id),
      tell: (events) => this.channel.takeEvents(events),
      use: ({ output }, { model, params }) => {
        const content: readonly Part[] = [{ type: "text", text: output }];
        const active = path(this.#state.thread);
        const asked = active.filter(({ role }) => role === "user").at(-1)?.id ?? null;
        const message = { ...this.#message("assistant", content, asked), model, params };
        this.#emit({ type: "added", messages: [message], head: message.id });
        return message.id;
      },
      script: options.compared ?? ((question) => this.#script(question)),
      speed: this.#speed,
      kept: options.comparisons ?? [],
    });
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
        this.#refuseUnset(body.content);
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
      case "reask": {
        const { parent, invalid, params } = this.#find(body.message);
        if (invalid === undefined) throw new Error("That answer fits");
        this.#start(parent, { reasked: body.message, ...(params ? { params } : {}) });
        return {};
      }
      case "allow":
      case "deny": {
        const settle = this.#consents.get(body.message);
        if (!settle) throw new Error("Nothing waits there");
        if (body.type === "allow" && body.always) this.#always.add(this.#nameOf(body.message));
        settle(body.type === "allow");
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
        const { type: _, params, ...changes } = body;
        const merged = params && { params: changedParams(this.#state.thread.params, params) };
        this.#emit({ type: "changed", changes: { ...changes, ...merged } });
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
      case "variables":
        return { variables: this.#look(body.names) };
      case "set_variable":
        if (body.value === null) this.#values.delete(body.name);
        else this.#values.set(body.name, body.value);
        this.#look([body.name]);
        return {};
      case "threads":
        return this.#page(body.search ?? "", Number(body.after ?? 0));
      case "new_thread":
        return { thread: this.#add({ title: "" }, true) };
      case "open_thread":
        this.#open(body.thread);
        return {};
      case "rename_thread":
        this.#change(body.thread, { title: body.title });
        return {};
      case "pin_thread":
        this.#list(body.thread, { pinned: body.pinned });
        return {};
      case "duplicate_thread": {
        const { id: _, ...copied } = this.#held(body.thread).state.present().thread;
        return { thread: this.#add({ ...copied, title: `${copied.title}, copy` }, false) };
      }
      case "delete_thread":
        this.#held(body.thread).deleted = true;
        if (body.thread === this.#state.thread.id) this.#add({ title: "" }, true);
        this.#set({ threads: this.#count() });
        return {};
      case "restore_thread": {
        const held = this.#threads.get(body.thread);
        if (!held?.deleted) throw new Error("That thread was not deleted");
        held.deleted = false;
        this.#set({ threads: this.#count() });
        return {};
      }
      case "export":
        return fakeExport(this.present().thread, body);
      case "code":
        if (body.message !== null) this.#find(body.message);
        return { text: fakeCode(body.language, this.present().thread) };
      case "wire":
        return fakeWire(this.#find(body.message), this.present().thread);
      case "logprobs":
        return { tokens: fakeLogprobs(this.#find(body.message)) };
      case "set_tool": {
        const tools = (this.#state.settings.tools ?? []).map((tool) =>
          tool.name === body.name ? { ...tool, enabled: body.enabled } : tool,
        );
        this.#set({ tools });
        return {};
      }
      case "import_threads": {
        if (!body.text.startsWith("{")) throw new Error(`${body.name} holds no conversation`);
        return { threads: [this.#add({ title: body.name.replace(/\.\w+$/, "") }, true)] };
      }
      default:
        return this.comparisons.carryOut(body);
    }
  }

  // --------------------------------------------------------------------------- variables

  /** What a cell of the notebook does. */
  assign(name: string, variable: Partial<Variable>): void {
    this.#notebook.set(name, variable);
    this.#look([name]);
  }

  #look(names: readonly string[]): readonly Variable[] {
    const found = names.map((name) => this.#variable(name));
    const others = (this.#state.settings.variables ?? []).filter(
      ({ name }) => !names.includes(name),
    );
    this.#set({ variables: [...others, ...found] });
    return found;
  }

  #variable(name: string): Variable {
    const own = this.#values.get(name);
    const theirs = this.#notebook.get(name);
    const text = own ?? theirs?.text ?? "";
    const source = own !== undefined ? "playground" : theirs ? "kernel" : null;
    const made = { name, source, kind: source ? "str" : "", text, error: null } as const;
    const tokens = Math.ceil(text.length / 4);
    const digest = `digest of ${text}`;
    return { ...made, length: text.length, tokens, digest, ...(own === undefined ? theirs : {}) };
  }

  #refuseUnset(content: readonly Part[]): void {
    const used = names([this.#state.thread.system, ...content.map(textOf)].join("\n"));
    const unset = used.filter((name) => this.#variable(name).source === null);
    if (unset.length > 0) throw new Error(`Nothing was sent. ${unset.join(", ")} is not set.`);
  }

  // ----------------------------------------------------------------------------- threads

  #hold(first: Snapshot, listed: Partial<ThreadRow>): Replica {
    const state = new Replica(emptyThread, emptySettings);
    state.adopt(first);
    this.#threads.set(first.thread.id, { state, listed, deleted: false });
    return state;
  }

  #held(id: string): Held {
    const held = this.#threads.get(id);
    if (!held || held.deleted) throw new Error(`There is no thread ${id}`);
    return held;
  }

  /** Adds a thread that is like the open one where nothing else is said. */
  #add(thread: Partial<Thread>, open: boolean): string {
    const id = `t${++this.#ids}-new`;
    const { system, model, params } = this.#state.thread;
    const created = Date.now() / 1000;
    const made = { ...emptyThread, system, model, params, created, ...thread, id };
    const settings = { ...this.#state.settings, running: null, queued: 0, undo: null };
    this.#hold({ revision: 0, thread: made, settings }, { updated: created });
    if (open) this.#open(id);
    this.#set({ threads: this.#count() });
    return id;
  }

  #open(id: string): void {
    const { connection, connections, models } = this.#state.settings;
    this.#state = this.#held(id).state;
    this.channel.takeSnapshot(this.present());
    this.#set({ connection, connections, models });
  }

  #change(id: string, changes: { readonly title: string }): void {
    this.#emit({ type: "changed", changes }, this.#held(id).state);
    this.#set({ threads: this.#count() });
  }

  #list(id: string, listed: Partial<ThreadRow>): void {
    this.#threads.set(id, { ...this.#held(id), listed: { ...this.#held(id).listed, ...listed } });
    this.#set({ threads: this.#count() });
  }

  #count(): number {
    return (this.#state.settings.threads ?? 0) + 1;
  }

  #page(search: string, from: number): Record<string, unknown> {
    const found = [...this.#threads.values()]
      .filter(({ deleted }) => !deleted)
      .flatMap((held) => listedAs(held, search))
      .sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.updated - a.updated);
    const end = from + PAGE;
    return { threads: found.slice(from, end), after: end < found.length ? String(end) : null };
  }

  // ------------------------------------------------------------------------------- runs

  #start(parent = this.#head, more: Partial<Message> = {}): void {
    const state = this.#state;
    this.#queue.push(async () => {
      const answer = this.#message("assistant", more.content ?? [], parent);
      const message: Message = { ...answer, ...more, status: "streaming", model: "demo" };
      this.#run = { message: message.id, state, cancelled: false };
      this.#emit({ type: "started", message, head: message.id }, state);
      this.#set({ running: message.id, queued: this.#queue.length - 1 }, state);
      const asked = parent === null ? undefined : find(state.thread, parent);
      const question = asked?.content.map(textOf).join("") ?? "";
      await this.#write(this.#run, this.#script(question));
      this.#run = undefined;
      this.#queue.shift();
      this.#set({ running: null, queued: Math.max(0, this.#queue.length - 1) }, state);
      void this.#queue[0]?.();
    });
    if (this.#queue.length === 1) void this.#queue[0]?.();
    else this.#set({ queued: this.#queue.length - 1 });
  }

  async #write(run: Run, script: Script): Promise<void> {
    const began = performance.now();
    const { message, state } = run;
    if (script.wait && script.error) {
      const retry = { attempt: 2, attempts: 4, wait: script.wait, error: script.error };
      this.#emit({ type: "retrying", message, retry }, state);
      await this.#pause(1000 * script.wait, run);
      this.#emit({ type: "retrying", message, retry: null }, state);
    }
    const { calls, ...then } = script;
    if (calls) {
      await this.#callAll(run, calls);
      if (!run.cancelled) await this.#write(run, then);
      return;
    }
    const first = (performance.now() - began) / 1000;
    await this.#stream(run, "reasoning", script.reasoning ?? "");
    const thought = (performance.now() - began) / 1000 - first;
    await this.#stream(run, "text", script.text);
    const answer = state.growing.get(message);
    const failed = script.error && !script.wait && !run.cancelled;
    const finished: Unnumbered = {
      type: "finished",
      message,
      lengths: answer?.lengths ?? [],
      final: {
        status: run.cancelled ? "cancelled" : failed ? "failed" : "complete",
        ...(failed && script.error ? { error: script.error } : {}),
        ...(script.invalid === undefined || run.cancelled ? {} : { invalid: script.invalid }),
        ...(run.cancelled || failed ? {} : { finish_reason: script.finish_reason ?? "stop" }),
        usage: { input_tokens: 120, output_tokens: answer?.tokens ?? 0, cost: 0.0004 },
        timing: {
          duration: (performance.now() - began) / 1000,
          first_token: first,
          ...(script.reasoning ? { reasoning: thought } : {}),
        },
      },
    };
    this.#emit(finished, state);
  }

  /** One answer that calls functions, the messages of their results, and the next answer. */
  async #callAll(run: Run, calls: readonly ScriptedCall[]): Promise<void> {
    const { state } = run;
    const ids = calls.map(() => `call${++this.#ids}`);
    const { message } = run;
    for (const [i, call] of calls.entries()) {
      const { name, arguments: text } = call;
      const id = ids[i] ?? "";
      const at = { message, part: i, offset: 0, text, kind: "tool_call" as const };
      this.#tell({ type: "text", ...at, id, name }, state);
    }
    this.#end(run, { status: "complete", finish_reason: "tool_calls" });
    let parent = run.message;
    for (const [i, call] of calls.entries()) {
      parent = this.#begin(run, "tool", parent, { tool_call_id: ids[i] ?? "" });
      await this.#callOne(run, call);
      if (run.cancelled) return;
    }
    this.#begin(run, "assistant", parent, { model: "demo" });
    this.#set({ running: run.message }, state);
  }

  async #callOne(run: Run, call: ScriptedCall): Promise<void> {
    const { message, state } = run;
    const asks = call.asks === true && !this.#always.has(call.name);
    if (asks) this.#emit({ type: "asking", message, consent: { wait: 600 } }, state);
    const allowed = !asks || (await this.#consent(run));
    if (asks) this.#emit({ type: "asking", message, consent: null }, state);
    if (allowed) await this.#pause(1000 * (call.time ?? 0.04), run);
    const refused = { kind: "tool_refused", title: `${call.name} was refused`, detail: "" };
    const error = allowed ? call.error : { ...refused, actions: [] };
    const text = allowed ? call.result : "The user refused this call.";
    if (!run.cancelled) {
      this.#tell({ type: "text", message, part: 0, offset: 0, text, kind: "text" }, state);
    }
    this.#end(run, {
      status: run.cancelled ? "cancelled" : error ? "failed" : "complete",
      ...(error && !run.cancelled ? { error } : {}),
      timing: { duration: call.time ?? 0.038 },
    });
  }

  #consent(run: Run): Promise<boolean> {
    const { message } = run;
    return new Promise<boolean>((resolve) => {
      this.#consents.set(message, resolve);
      run.wake = () => resolve(false);
    }).finally(() => this.#consents.delete(message));
  }

  #begin(run: Run, role: Message["role"], parent: string, more: Partial<Message>): string {
    const message: Message = { ...this.#message(role, [], parent), ...more, status: "streaming" };
    run.message = message.id;
    this.#emit({ type: "started", message, head: message.id }, run.state);
    return message.id;
  }

  #end({ message, state }: Run, final: Final): void {
    const lengths = state.growing.get(message)?.lengths ?? [];
    this.#emit({ type: "finished", message, lengths, final }, state);
  }

  #nameOf(id: string): string {
    return callOf(path(this.#state.thread), this.#find(id))?.name ?? "";
  }

  async #stream(run: Run, kind: "text" | "reasoning", text: string): Promise<void> {
    const points = [...text];
    const each = Math.max(1, Math.round((this.#speed * BATCH) / 1000));
    for (let at = 0; at < points.length && !run.cancelled; at += each) {
      const answer = run.state.growing.get(run.message);
      if (!answer) return;
      const last = answer.parts.length - 1;
      const part = answer.parts[last]?.type === kind ? last : last + 1;
      const piece = points.slice(at, at + each).join("");
      const offset = answer.lengths[part] ?? 0;
      const tokens = answer.tokens + Math.ceil(codePoints(piece) / 4);
      const { message } = run;
      this.#tell({ type: "text", message, part, offset, text: piece, kind, tokens }, run.state);
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

  #emit(event: Unnumbered, state = this.#state): void {
    this.#tell({ ...event, revision: state.revision + 1 } as Structural, state);
  }

  #show(id: string | null): void {
    const { comparison: _, ...settings } = this.#state.settings;
    const shown = id === null ? settings : { ...settings, comparison: id };
    this.#tell({ type: "settings", settings: shown });
  }

  #set(changes: Partial<Snapshot["settings"]>, state = this.#state): void {
    this.#tell({ type: "settings", settings: { ...state.settings, ...changes } }, state);
  }

  /** An event of a thread that is not open is nobody's to hear. */
  #tell(event: Change, state = this.#state): void {
    if (state.fold(event) !== "applied") throw new Error(`A ${event.type} does not fit`);
    if (state !== this.#state) return;
    this.channel.takeEvents(event);
    this.channel.replaceSnapshot(this.present());
  }
}

/** Those that are named are set, or with null unset. */
function changedParams(before: Params, changes: Params): Params {
  const all = Object.entries({ ...before, ...changes });
  return Object.fromEntries(all.filter(([, value]) => value !== null));
}

const idOf = ({ id, title = "" }: { readonly id: string; readonly title?: string }) => ({
  id,
  title,
});

/** The row of a thread, if the search finds it. */
function listedAs({ state, listed }: Held, search: string): readonly ThreadRow[] {
  const { id, title, created, messages } = state.thread;
  const row: ThreadRow = {
    updated: messages.at(-1)?.created ?? created,
    pinned: false,
    branches: Math.max(1, leaves(state.thread)),
    running: state.settings.running !== null,
    ...listed,
    id,
    title,
    created,
    messages: messages.length,
  };
  const wanted = search.toLowerCase();
  if (title.toLowerCase().includes(wanted)) return [row];
  for (const { content } of messages) {
    const text = content.map(textOf).join(" ");
    const at = text.toLowerCase().indexOf(wanted);
    if (at < 0) continue;
    const end = at + search.length;
    const snippet = [
      { text: `${at > 24 ? "…" : ""}${text.slice(Math.max(0, at - 24), at)}`, hit: false },
      { text: text.slice(at, end), hit: true },
      { text: text.slice(end, end + 60), hit: false },
    ];
    return [{ ...row, snippet }];
  }
  return [];
}

function leaves({ messages }: Thread): number {
  const parents = new Set(messages.map(({ parent }) => parent));
  return messages.filter(({ id }) => !parents.has(id)).length;
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
