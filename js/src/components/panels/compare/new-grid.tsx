// A grid that is put together: rows from a file, and how the answers are scored.

import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { readCsv } from "../../../comparison/csv.ts";
import { begun, type CompareDraft, requestOf } from "../../../comparison/draft.ts";
import type { CompareRequest, ScorerRequest } from "../../../comparison/model.ts";
import { parseBegun } from "../../../comparison/protocol.ts";
import { plural } from "../../format.ts";
import { Icon } from "../../icons.tsx";
import { useView } from "../../view.ts";
import { Check } from "../choices.tsx";
import { JsonField, problemOf } from "../json-field.tsx";
import { schemaProblem } from "../json-schema.ts";
import { GridDraft, type Scorers } from "./grid-draft.ts";
import type { CompareState } from "./state.ts";

interface NewGridProps {
  readonly state: CompareState;
  readonly draft: CompareDraft;
  /** Whether there is a grid to go back to. */
  readonly back: boolean;
}

export function NewGrid({ state, draft, back }: NewGridProps): JSX.Element {
  const view = useView();
  const { file, input, scorers, schema, most } = state.grid.value;
  const problem = useSignal("");
  const busy = useSignal(false);

  const read = async (chosen: File) => {
    problem.value = "";
    const text = await chosen.text().catch(() => undefined);
    if (text === undefined) {
      problem.value = `${chosen.name} cannot be read. Choose it again, or another one.`;
      return;
    }
    const { columns, rows } = readCsv(text);
    if (columns.length === 0 || rows.length === 0) {
      file.value = null;
      problem.value = `${chosen.name} has no rows. A CSV file has the names of its columns in the first line.`;
      return;
    }
    file.value = { name: chosen.name, text, columns, rows: rows.length };
    input.value = columns[0] ?? "";
    scorers.value = { ...scorers.peek(), column: columns[1] ?? columns[0] ?? "" };
  };
  const run = async () => {
    const { value: chosen } = file;
    if (!chosen || busy.peek()) return;
    const limit = Number(most.value);
    if (most.value !== "" && !(limit > 0)) {
      problem.value = "The most it may cost is a number of dollars, such as 0.50.";
      return;
    }
    if (scorers.value.fits && !isSchema(scorers.value.schema, schema.value)) {
      problem.value = "The JSON schema is not one yet. What you wrote is kept.";
      return;
    }
    problem.value = "";
    busy.value = true;
    const asked: CompareRequest = {
      type: "compare",
      variants: draft.variants.map(requestOf),
      csv: chosen.text,
      input: input.value,
      samples: draft.samples,
      scorers: scorersOf(scorers.value),
      name: chosen.name.replace(/\.csv$/i, ""),
      ...(most.value === "" ? {} : { max_cost: limit }),
    };
    const id = await view.ask(asked, parseBegun);
    busy.value = false;
    if (id === undefined) return;
    state.grid.value = new GridDraft();
    state.composing.value = false;
    state.draft.value = begun(draft, id);
    state.mode.value = "grid";
  };

  const { value: chosen } = file;
  return (
    <form
      class="pgw-newgrid"
      aria-label="New grid"
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <div class="pgw-form">
        <h3>Ask every row of a file</h3>
        <p class="pgw-muted">
          Each variant gets each row once. The system prompt can name columns, such as{" "}
          <code class="pgw-tag">{"{{review}}"}</code>.
        </p>
        <label class="pgw-btn pgw-btn--line pgw-newgrid__file">
          <Icon name="table" small />
          {chosen ? chosen.name : "Choose a CSV file"}
          <input
            type="file"
            class="pgw-sr"
            accept=".csv,text/csv"
            onChange={(event) => {
              const [first] = event.currentTarget.files ?? [];
              event.currentTarget.value = "";
              if (first) void read(first);
            }}
          />
        </label>
        {chosen && (
          <>
            <small>
              {plural(chosen.rows, "row")}, {plural(chosen.columns.length, "column")}:{" "}
              {chosen.columns.join(", ")}
            </small>
            <Columns label="The user message is" columns={chosen.columns} chosen={input} />
            <ScorerFields columns={chosen.columns} scorers={scorers} schema={schema} />
            <label>
              Stop when it has cost, in US dollars
              <input
                class="pgw-input"
                inputMode="decimal"
                placeholder="No limit"
                value={most.value}
                onInput={(event) => {
                  most.value = event.currentTarget.value.trim();
                }}
              />
            </label>
          </>
        )}
        {problem.value !== "" && <p role="alert">{problem.value}</p>}
        <div class="pgw-form__acts">
          {back && (
            <button
              type="button"
              class="pgw-btn pgw-btn--quiet"
              onClick={() => {
                state.grid.value = new GridDraft();
                state.composing.value = false;
              }}
            >
              Cancel
            </button>
          )}
          <button
            type="submit"
            class="pgw-btn pgw-btn--primary"
            disabled={!chosen || busy.value || !view.live.value}
          >
            {chosen
              ? `Run ${plural(chosen.rows, "row")} × ${plural(draft.variants.length, "variant")}`
              : "Run"}
          </button>
        </div>
      </div>
    </form>
  );
}

function Columns({
  label,
  columns,
  chosen,
}: {
  readonly label: string;
  readonly columns: readonly string[];
  readonly chosen: { value: string };
}): JSX.Element {
  return (
    <label>
      {label}
      <select
        class="pgw-input"
        value={chosen.value}
        onChange={(event) => {
          chosen.value = event.currentTarget.value;
        }}
      >
        {columns.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function ScorerFields({
  columns,
  scorers,
  schema,
}: {
  readonly columns: readonly string[];
  readonly scorers: { value: Scorers };
  readonly schema: Signal<string | null>;
}): JSX.Element {
  const set = (change: Partial<Scorers>) => {
    scorers.value = { ...scorers.value, ...change };
  };
  const { exact, column, exactCase, regex, fits, judge } = scorers.value;
  const expected = {
    get value() {
      return column;
    },
    set value(name: string) {
      set({ column: name });
    },
  };
  return (
    <fieldset class="pgw-newgrid__scorers">
      <legend>Score the answers</legend>
      <Check label="It is what a column says" checked={exact} change={(on) => set({ exact: on })} />
      {exact && (
        <>
          <Columns label="Expected answer" columns={columns} chosen={expected} />
          <Check
            label="Capital letters matter"
            checked={exactCase}
            change={(on) => set({ exactCase: on })}
          />
        </>
      )}
      <label>
        A regular expression is found in it
        <input
          class="pgw-input pgw-mono"
          spellcheck={false}
          placeholder="None"
          value={regex}
          onInput={(event) => set({ regex: event.currentTarget.value })}
        />
      </label>
      <Check label="It fits a JSON schema" checked={fits} change={(on) => set({ fits: on })} />
      {fits && (
        <JsonField
          label="JSON schema"
          value={scorers.value.schema}
          draft={schema}
          check={schemaProblem}
          change={(value) => set({ schema: value })}
          end={() => undefined}
        />
      )}
      <label>
        A model judges it by this prompt
        <textarea
          class="pgw-input pgw-input--text"
          rows={3}
          placeholder="None. Such as: From 1 to 5, how polite is the answer?"
          value={judge}
          onInput={(event) => set({ judge: event.currentTarget.value })}
        />
      </label>
    </fieldset>
  );
}

/** Whether what is written is a schema: then nothing of it is left out. */
function isSchema(schema: unknown, typed: string | null): boolean {
  return schema !== undefined && (typed === null || problemOf(typed, schemaProblem) === undefined);
}

function scorersOf(scorers: Scorers): readonly ScorerRequest[] {
  const { exact, column, exactCase, regex, fits, schema, judge } = scorers;
  return [
    ...(exact ? [{ kind: "exact", column, case: exactCase } as const] : []),
    ...(regex === "" ? [] : [{ kind: "regex", pattern: regex } as const]),
    ...(fits ? [{ kind: "fits_schema", schema } as const] : []),
    ...(judge.trim() === "" ? [] : [{ kind: "judge", prompt: judge } as const]),
  ];
}
