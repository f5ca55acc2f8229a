// What the fake kernel makes of comparisons: it asks their cells a few at a time, streams scripted
// answers, and keeps what came.

import type {
  CellEvent,
  CellKey,
  ComparedCell,
  CompareRequest,
  ComparisonEvents,
  ComparisonRequest,
  ComparisonSnapshot,
  Score,
  SteerAction,
  Variant,
  VariantRequest,
  VariantSummary,
} from "../comparison/model.ts";
import { type Message, type Thread, textOf } from "../model.ts";
import { path } from "../paths.ts";
import type { Snapshot } from "../protocol.ts";
import { codePoints } from "../text.ts";
import type { Script } from "./answers.ts";

export interface FakeComparisonsOptions {
  /** The conversation that is open. */
  readonly present: () => Snapshot;
  /** A comparison is shown, or none is. */
  readonly show: (id: string | null) => void;
  readonly tell: (events: ComparisonEvents) => void;
  /** An answer becomes a message of the open thread; returns its id. */
  readonly use: (cell: ComparedCell, variant: Variant) => string;
  readonly script: (question: string, variant: Variant) => Script;
  /** Code points a second. */
  readonly speed: number;
  /** Those that are there from the start. */
  readonly kept: readonly ComparisonSnapshot[];
}

const BATCH = 33;
const AT_ONCE = 8;

export class FakeComparisons {
  readonly #options: FakeComparisonsOptions;
  readonly #kept = new Map<string, ComparisonSnapshot>();
  readonly #created = new Map<string, number>();
  #shown: string | null = null;
  #ids = 0;

  constructor(options: FakeComparisonsOptions) {
    this.#options = options;
    for (const each of options.kept) this.#kept.set(each.id, each);
  }

  /** The comparison as the kernel has it. */
  get(id: string): ComparisonSnapshot {
    const found = this.#kept.get(id);
    if (!found) throw new Error(`There is no comparison ${id}`);
    return found;
  }

  carryOut(body: ComparisonRequest): Record<string, unknown> {
    switch (body.type) {
      case "compare":
        return { comparison: this.#begin(body) };
      case "open_comparison":
        this.#show(this.get(body.comparison).id);
        return { comparison: this.get(body.comparison) };
      case "close_comparison":
        this.#show(null);
        return {};
      case "comparisons":
        return { comparisons: this.#list(body.search ?? "") };
      case "steer":
        this.#steer(body.comparison, body.action);
        return {};
      case "pick":
        this.#pick(body);
        return {};
      case "rename_comparison":
        this.#change(body.comparison, { name: body.name });
        this.#tell(body.comparison, { type: "renamed", name: body.name });
        return {};
      case "delete_comparison":
        this.get(body.comparison);
        this.#kept.delete(body.comparison);
        if (this.#shown === body.comparison) this.#show(null);
        return {};
      case "use_answer": {
        const view = this.get(body.comparison);
        const variant = view.variants[body.variant];
        if (!variant) throw new Error("There is no such variant");
        return { message: this.#options.use(this.#cell(view, body), variant) };
      }
      case "promote":
        return { variant: this.#promote(body.message) };
      case "export_comparison": {
        const { name } = this.get(body.comparison);
        if (body.format === "cells") {
          const source = `frame = pg.comparison(${JSON.stringify(name)}).to_frame()`;
          return { cells: [{ type: "code", source, metadata: {} }] };
        }
        const media_type = body.format === "csv" ? "text/csv" : "text/html";
        return { name: `${name}.${body.format}`, media_type, text: `of ${name}` };
      }
    }
  }

  #show(id: string | null): void {
    if (id === this.#shown) return;
    this.#shown = id;
    this.#options.show(id);
  }

  #begin(body: CompareRequest): string {
    const { thread } = this.#options.present();
    const given = body.csv === undefined ? body.rows : fromCsv(body.csv);
    const columns = Object.keys(given?.[0] ?? {});
    const rows = (given ?? [{}]).map((data, index) => ({ index, data }));
    const variants = body.variants.map((each, i) => this.#variant(each, i));
    const samples = body.samples ?? 1;
    const id = `c${++this.#ids}`;
    this.#created.set(id, Date.now() / 1000);
    this.#kept.set(id, {
      id,
      name: body.name ?? `Comparison ${this.#ids}`,
      status: "running",
      reason: null,
      columns,
      input: body.input ?? columns[0] ?? null,
      rows,
      variants,
      samples,
      scorers: (body.scorers ?? []).map((scorer) => ({
        name: scorer.kind,
        kind: scorer.kind,
        ...(scorer.kind === "judge" ? { prompt: scorer.prompt } : {}),
      })),
      messages: asked(thread),
      progress: {
        total: rows.length * variants.length * samples,
        complete: 0,
        failed: 0,
        cancelled: 0,
        running: 0,
        cost: 0,
      },
      picks: [],
      blind: body.blind ?? false,
      summary: [],
      win_rates: [],
      elsewhere: false,
      cells: [],
    });
    this.#show(id);
    for (let i = 0; i < AT_ONCE; i++) void this.#work(id);
    return id;
  }

  #variant(given: VariantRequest, at: number): Variant {
    const { thread, settings } = this.#options.present();
    const { name, connection, ...rest } = given;
    const known = settings.connections.find((each) => each.name === connection);
    return {
      system: thread.system,
      model: thread.model,
      params: thread.params,
      ...rest,
      name: name ?? `Variant ${at + 1}`,
      connection: known?.label ?? settings.connection.label,
    };
  }

  #promote(id: string): VariantRequest {
    const { thread, settings } = this.#options.present();
    const message = thread.messages.find((each) => each.id === id);
    if (!message) throw new Error(`There is no message ${id}`);
    const { model = thread.model, params = {}, prompt } = message;
    const system = thread.prompts[(prompt ?? 0) - 1]?.text ?? thread.system;
    return { system, model, params, connection: settings.connection.name };
  }

  #list(search: string): readonly Record<string, unknown>[] {
    return [...this.#kept.values()]
      .filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()))
      .map(({ id, name, status, rows, variants, progress }) => ({
        id,
        name,
        status,
        created: this.#created.get(id) ?? 1_760_000_000,
        rows: rows.length,
        variants: variants.length,
        done: progress.complete,
        cells: progress.total,
        cost: progress.cost ?? null,
      }));
  }

  #steer(id: string, action: SteerAction): void {
    const { cells } = this.get(id);
    if (action === "pause") this.#change(id, { status: "paused" });
    else if (action === "cancel") this.#change(id, { status: "cancelled" });
    else {
      if (action === "retry_failed") {
        this.#change(id, { cells: cells.filter(({ status }) => status !== "failed") });
      }
      this.#change(id, { status: "running" });
      for (let i = 0; i < AT_ONCE; i++) void this.#work(id);
    }
    this.#progress(id);
  }

  #pick(body: Extract<ComparisonRequest, { type: "pick" }>): void {
    const { row, variant, sample = 0, comparison } = body;
    const { picks, variants } = this.get(comparison);
    const others = picks.filter((pick) => pick.row !== row);
    const now = variant === null ? others : [...others, { row, variant, sample }];
    const win_rates = variants.map(({ name }, i) => {
      const wins = now.filter((pick) => pick.variant === i).length;
      return { variant: name, wins, of: now.length, rate: now.length ? wins / now.length : 0 };
    });
    this.#change(comparison, { picks: now, win_rates });
    this.#tell(comparison, { type: "picked", picks: now, win_rates });
  }

  /** Asks one cell after the other, as long as it runs and there are some. */
  async #work(id: string): Promise<void> {
    for (;;) {
      const view = this.#kept.get(id);
      const key = view?.status === "running" ? nextOf(view) : undefined;
      if (!view || !key) break;
      await this.#ask(id, view, key);
    }
    const view = this.#kept.get(id);
    if (view?.status === "running" && view.cells.every(({ status }) => status !== "running")) {
      this.#change(id, { status: "complete" });
      this.#progress(id);
    }
  }

  async #ask(id: string, view: ComparisonSnapshot, key: CellKey): Promise<void> {
    const variant = view.variants[key.variant];
    if (!variant) return;
    const began = Date.now();
    const empty: ComparedCell = { ...key, status: "running", output: "", scores: {} };
    this.#put(id, empty);
    this.#tell(id, { type: "cell_started", ...key });
    const data = view.rows[key.row]?.data ?? {};
    const question = view.input === null ? lastWords(view.messages) : String(data[view.input]);
    const script = this.#options.script(question, variant);
    const points = [...script.text];
    const each = Math.max(1, Math.round((this.#options.speed * BATCH) / 1000));
    let output = "";
    for (let at = 0; at < points.length; at += each) {
      await pause(BATCH);
      if (this.#kept.get(id)?.status === "cancelled") break;
      const text = points.slice(at, at + each).join("");
      this.#tell(id, { type: "cell_text", ...key, offset: codePoints(output), text });
      output += text;
      this.#put(id, { ...empty, output });
    }
    if (points.length === 0) await pause(BATCH);
    if (!this.#kept.has(id)) return;
    const cancelled = this.get(id).status === "cancelled";
    const cell: ComparedCell = {
      ...empty,
      output,
      status: cancelled ? "cancelled" : script.error ? "failed" : "complete",
      ...(script.error && !cancelled ? { error: script.error } : {}),
      scores: cancelled || script.error ? {} : scoresOf(view, output, data),
      usage: { input_tokens: 60, output_tokens: Math.ceil(codePoints(output) / 4), cost: 0.0001 },
      timing: { first_token: 0.2 + 0.1 * key.variant, duration: (Date.now() - began) / 1000 + 0.3 },
      request_id: `req_${id}_${key.row}_${key.variant}_${key.sample}`,
      model: variant.model,
      finish_reason: "stop",
      cost: 0.0001,
    };
    this.#put(id, cell);
    this.#tell(id, { type: "cell_finished", cell });
    this.#change(id, { summary: summaryOf(this.get(id)) });
    this.#tell(id, { type: "summary", summary: this.get(id).summary });
    this.#progress(id);
  }

  #progress(id: string): void {
    const view = this.get(id);
    const count = (wanted: ComparedCell["status"]) =>
      view.cells.filter(({ status }) => status === wanted).length;
    const complete = count("complete");
    const progress = {
      total: view.progress.total,
      complete,
      failed: count("failed"),
      cancelled: count("cancelled"),
      running: count("running"),
      cost: 0.0001 * complete,
      rate: 2.4,
      left: (view.progress.total - complete) / 2.4,
    };
    this.#change(id, { progress });
    this.#tell(id, { type: "progress", status: view.status, reason: view.reason, ...progress });
  }

  #tell(id: string, event: CellEvent): void {
    if (id !== this.#shown) return;
    this.#options.tell({ type: "comparison", comparison: id, events: [event] });
  }

  #change(id: string, changes: Partial<ComparisonSnapshot>): void {
    this.#kept.set(id, { ...this.get(id), ...changes });
  }

  #put(id: string, cell: ComparedCell): void {
    if (!this.#kept.has(id)) return;
    const cells = this.get(id).cells.filter((other) => !isSame(other, cell));
    this.#change(id, { cells: [...cells, cell] });
  }

  #cell(view: ComparisonSnapshot, key: CellKey): ComparedCell {
    const found = view.cells.find((cell) => isSame(cell, key));
    if (!found) throw new Error("There is no such answer");
    return found;
  }
}

const pause = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

const isSame = (one: CellKey, other: CellKey) =>
  one.row === other.row && one.variant === other.variant && one.sample === other.sample;

/** The first cell that waits, row by row. */
function nextOf({ rows, variants, samples, cells }: ComparisonSnapshot): CellKey | undefined {
  const known = new Set(cells.map(({ row, variant, sample }) => `${row}/${variant}/${sample}`));
  for (const { index: row } of rows) {
    for (let sample = 0; sample < samples; sample++) {
      for (let variant = 0; variant < variants.length; variant++) {
        if (!known.has(`${row}/${variant}/${sample}`)) return { row, variant, sample };
      }
    }
  }
  return undefined;
}

/** The conversation up to the last question. */
function asked(thread: Thread): readonly Message[] {
  const active = path(thread);
  return active.slice(0, active.map(({ role }) => role).lastIndexOf("user") + 1);
}

function lastWords(messages: readonly Message[]): string {
  return messages.at(-1)?.content.map(textOf).join("") ?? "";
}

function scoresOf(
  { scorers }: ComparisonSnapshot,
  output: string,
  data: Readonly<Record<string, unknown>>,
): Record<string, Score> {
  const found: Record<string, Score> = {};
  for (const { name, kind } of scorers) {
    if (kind === "exact") found[name] = { value: output === String(data.expected) };
    else if (kind === "judge") found[name] = { value: 0.8, reason: "Short, and it says why." };
    else found[name] = { value: true };
  }
  return found;
}

function summaryOf(view: ComparisonSnapshot): readonly VariantSummary[] {
  return view.variants.map(({ name: variant }, i) => {
    const cells = view.cells.filter((cell) => cell.variant === i && cell.status === "complete");
    const n = cells.length;
    const measures = Object.fromEntries(
      view.scorers.map(({ name }) => {
        const values = cells.map(({ scores }) => Number(scores[name]?.value ?? 0));
        const mean = n ? values.reduce((sum, value) => sum + value, 0) / n : 0;
        return [name, { mean, low: mean, high: mean, n }];
      }),
    );
    return { variant, measures, cost: 0.0001 * n, duration: 0.5, first_token: 0.3, speed: 70 };
  });
}

/** Rows of a file without quotes. */
function fromCsv(text: string): readonly Record<string, string>[] {
  const [head = "", ...lines] = text.trim().split("\n");
  const columns = head.split(",");
  return lines.map((line) => {
    const values = line.split(",");
    return Object.fromEntries(columns.map((column, i) => [column, values[i] ?? ""]));
  });
}
