// Answers of the fake kernel: one after the other, each with its calls of functions.

import { callOf } from "../components/content.ts";
import { type Message, textOf } from "../model.ts";
import { find, path } from "../paths.ts";
import type { Final } from "../protocol.ts";
import type { Replica } from "../store/replica.ts";
import { codePoints } from "../text.ts";
import type { Script, ScriptedCall } from "./answers.ts";
import type { FakeDesk, Unnumbered } from "./fake-desk.ts";

export interface FakeRunsOptions {
  /** What to answer a question with. */
  readonly script: (question: string) => Script;
  /** Code points a second. */
  readonly speed: number;
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

export class FakeRuns {
  readonly #desk: FakeDesk;
  readonly #options: FakeRunsOptions;
  readonly #queue: (() => Promise<void>)[] = [];
  #run: Run | undefined;
  /** What waits for consent: how each is answered. */
  readonly #consents = new Map<string, (allowed: boolean) => void>();
  readonly #always = new Set<string>();

  constructor(desk: FakeDesk, options: FakeRunsOptions) {
    this.#desk = desk;
    this.#options = options;
  }

  get running(): boolean {
    return this.#run !== undefined;
  }

  stop(): void {
    this.#queue.splice(1);
    if (this.#run) this.#run.cancelled = true;
    this.#run?.wake?.();
  }

  /** Does not wait any longer to try again. */
  hurry(): void {
    this.#run?.wake?.();
  }

  /** Answers whether a call is made. */
  consent(message: string, allowed: boolean, always = false): void {
    const settle = this.#consents.get(message);
    if (!settle) throw new Error("Nothing waits there");
    if (allowed && always) this.#always.add(this.#nameOf(message));
    settle(allowed);
  }

  start(parent = this.#desk.head, more: Partial<Message> = {}): void {
    const state = this.#desk.state;
    this.#queue.push(async () => {
      const answer = this.#desk.message("assistant", more.content ?? [], parent);
      const message: Message = { ...answer, ...more, status: "streaming", model: "demo" };
      this.#run = { message: message.id, state, cancelled: false };
      this.#desk.emit({ type: "started", message, head: message.id }, state);
      this.#desk.set({ running: message.id, queued: this.#queue.length - 1 }, state);
      const asked = parent === null ? undefined : find(state.thread, parent);
      const question = asked?.content.map(textOf).join("") ?? "";
      await this.#write(this.#run, this.#options.script(question));
      this.#run = undefined;
      this.#queue.shift();
      this.#desk.set({ running: null, queued: Math.max(0, this.#queue.length - 1) }, state);
      void this.#queue[0]?.();
    });
    if (this.#queue.length === 1) void this.#queue[0]?.();
    else this.#desk.set({ queued: this.#queue.length - 1 });
  }

  async #write(run: Run, script: Script): Promise<void> {
    const began = performance.now();
    const { message, state } = run;
    if (script.wait && script.error) {
      const retry = { attempt: 2, attempts: 4, wait: script.wait, error: script.error };
      this.#desk.emit({ type: "retrying", message, retry }, state);
      await this.#pause(1000 * script.wait, run);
      this.#desk.emit({ type: "retrying", message, retry: null }, state);
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
    this.#desk.emit(finished, state);
  }

  /** One answer that calls functions, the messages of their results, and the next answer. */
  async #callAll(run: Run, calls: readonly ScriptedCall[]): Promise<void> {
    const { state } = run;
    const ids = calls.map(() => `call${this.#desk.newId()}`);
    const { message } = run;
    for (const [i, call] of calls.entries()) {
      const { name, arguments: text } = call;
      const id = ids[i] ?? "";
      const at = { message, part: i, offset: 0, text, kind: "tool_call" as const };
      this.#desk.tell({ type: "text", ...at, id, name }, state);
    }
    this.#end(run, { status: "complete", finish_reason: "tool_calls" });
    let parent = run.message;
    for (const [i, call] of calls.entries()) {
      parent = this.#begin(run, "tool", parent, { tool_call_id: ids[i] ?? "" });
      await this.#callOne(run, call);
      if (run.cancelled) return;
    }
    this.#begin(run, "assistant", parent, { model: "demo" });
    this.#desk.set({ running: run.message }, state);
  }

  async #callOne(run: Run, call: ScriptedCall): Promise<void> {
    const { message, state } = run;
    const asks = call.asks === true && !this.#always.has(call.name);
    if (asks) this.#desk.emit({ type: "asking", message, consent: { wait: 600 } }, state);
    const allowed = !asks || (await this.#consent(run));
    if (asks) this.#desk.emit({ type: "asking", message, consent: null }, state);
    if (allowed) await this.#pause(1000 * (call.time ?? 0.04), run);
    const refused = { kind: "tool_refused", title: `${call.name} was refused`, detail: "" };
    const error = allowed ? call.error : { ...refused, actions: [] };
    const text = allowed ? call.result : "The user refused this call.";
    if (!run.cancelled) {
      this.#desk.tell({ type: "text", message, part: 0, offset: 0, text, kind: "text" }, state);
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
    const message: Message = {
      ...this.#desk.message(role, [], parent),
      ...more,
      status: "streaming",
    };
    run.message = message.id;
    this.#desk.emit({ type: "started", message, head: message.id }, run.state);
    return message.id;
  }

  #end({ message, state }: Run, final: Final): void {
    const lengths = state.growing.get(message)?.lengths ?? [];
    this.#desk.emit({ type: "finished", message, lengths, final }, state);
  }

  #nameOf(id: string): string {
    return callOf(path(this.#desk.state.thread), this.#desk.find(id))?.name ?? "";
  }

  async #stream(run: Run, kind: "text" | "reasoning", text: string): Promise<void> {
    const points = [...text];
    const each = Math.max(1, Math.round((this.#options.speed * BATCH) / 1000));
    for (let at = 0; at < points.length && !run.cancelled; at += each) {
      const answer = run.state.growing.get(run.message);
      if (!answer) return;
      const last = answer.parts.length - 1;
      const part = answer.parts[last]?.type === kind ? last : last + 1;
      const piece = points.slice(at, at + each).join("");
      const offset = answer.lengths[part] ?? 0;
      const tokens = answer.tokens + Math.ceil(codePoints(piece) / 4);
      const { message } = run;
      this.#desk.tell(
        { type: "text", message, part, offset, text: piece, kind, tokens },
        run.state,
      );
      await this.#pause(BATCH);
    }
  }

  #pause(wait: number, run?: Run): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(resolve, wait);
      if (run) run.wake = resolve;
    });
  }
}
