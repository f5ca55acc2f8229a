// The fake kernel's variables: its own, and those of a notebook.

import { type Part, textOf, type Variable } from "../model.ts";
import { names } from "../variables.ts";
import type { FakeDesk } from "./fake-desk.ts";

export class FakeVariables {
  readonly #desk: FakeDesk;
  readonly #values = new Map<string, string>();
  readonly #notebook = new Map<string, Partial<Variable>>();

  constructor(desk: FakeDesk) {
    this.#desk = desk;
  }

  /** Gives the playground's own variable a value, or none. */
  set(name: string, value: string | null): void {
    if (value === null) this.#values.delete(name);
    else this.#values.set(name, value);
    this.look([name]);
  }

  /** What a cell of the notebook does. */
  assign(name: string, variable: Partial<Variable>): void {
    this.#notebook.set(name, variable);
    this.look([name]);
  }

  look(names: readonly string[]): readonly Variable[] {
    const found = names.map((name) => this.#variable(name));
    const others = (this.#desk.state.settings.variables ?? []).filter(
      ({ name }) => !names.includes(name),
    );
    this.#desk.set({ variables: [...others, ...found] });
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

  refuseUnset(content: readonly Part[]): void {
    const used = names([this.#desk.state.thread.system, ...content.map(textOf)].join("\n"));
    const unset = used.filter((name) => this.#variable(name).source === null);
    if (unset.length > 0) throw new Error(`Nothing was sent. ${unset.join(", ")} is not set.`);
  }
}
