// One parameter: its name, whether it is set, and the field for it.

import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { createContext } from "preact";
import { useContext, useRef } from "preact/hooks";
import { IconButton } from "../controls.tsx";
import { paramName } from "../param-names.ts";
import { useView } from "../view.ts";
import { type NumberRule, readNumber } from "./numbers.ts";
import type { ParamEdits } from "./param-edits.ts";
import { useUniqueId } from "./unique-id.ts";

export const EditsContext = createContext<ParamEdits | null>(null);

export function useEdits(): ParamEdits {
  const edits = useContext(EditsContext);
  if (!edits) throw new Error("A parameter stands outside of its panel.");
  return edits;
}

interface RowProps {
  readonly name: string;
  readonly label: string;
  /** Of the field, so that the label names it. */
  readonly field?: string;
  /** Right of the label where no field is. */
  readonly hint?: string;
  readonly children: ComponentChildren;
  /** Also forgets what is typed. */
  readonly reset?: () => void;
}

/** Set parameters have a dot and a way back; those that do nothing here are dim and say so. */
export function Row({ name, label, field, hint, children, reset }: RowProps): JSX.Element {
  const view = useView();
  const edits = useEdits();
  const row = useRef<HTMLDivElement>(null);
  const set = edits.value(name) !== undefined;
  const idle = idleWords(view.store.settings.value, name);
  const note = idle ?? hint;
  return (
    <div
      ref={row}
      class={`pgw-field${set ? " is-changed" : ""}${idle === undefined ? "" : " is-idle"}`}
      data-param={name}
    >
      <div class="pgw-field__name">
        <label for={field}>{label}</label>
        {set && (
          <IconButton
            icon="undo"
            label={`Reset ${paramName(name)}`}
            small
            disabled={!view.writable.value}
            onClick={() => {
              reset?.();
              edits.reset(name);
              // The button goes, and the focus with it.
              row.current?.querySelector<HTMLElement>("input, textarea")?.focus();
            }}
          />
        )}
      </div>
      {note !== undefined && <small class="pgw-field__note">{note}</small>}
      {children}
    </div>
  );
}

interface Idle {
  readonly refused?: readonly string[];
  readonly ignored?: readonly string[];
}

/** Why a parameter does nothing here, if that is so. */
function idleWords({ refused, ignored }: Idle, name: string): string | undefined {
  if (refused?.includes(name)) return "not used by this model";
  return ignored?.includes(name) ? "not in this API" : undefined;
}

interface NumberRowProps extends NumberRule {
  readonly name: string;
  readonly label: string;
  /** What the service uses where nothing is set: in words, or as a figure. */
  readonly unset: string;
  /** The slider's step; without one there is no slider. */
  readonly step?: number;
}

export function NumberRow(props: NumberRowProps): JSX.Element {
  const { name, label, unset, step, ...rule } = props;
  const view = useView();
  const edits = useEdits();
  const id = useUniqueId();
  /** What is being typed, or cannot be meant. */
  const draft = useSignal<string | null>(null);
  const value = edits.value(name);
  const typed = draft.value === null ? undefined : readNumber(draft.value, rule);
  const problem = typed && "problem" in typed ? typed.problem : undefined;
  const at = typeof value === "number" ? value : Number(unset);
  const share = (100 * (at - rule.min)) / (rule.max - rule.min);
  return (
    <Row
      name={name}
      label={label}
      field={id}
      reset={() => {
        draft.value = null;
      }}
    >
      <input
        id={id}
        class="pgw-input pgw-input--num"
        type="text"
        inputMode={rule.whole ? "numeric" : "decimal"}
        autocomplete="off"
        placeholder={unset}
        disabled={!view.writable.value}
        value={draft.value ?? (value === undefined ? "" : String(value))}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        onInput={(event) => {
          const text = event.currentTarget.value;
          draft.value = text;
          const read = readNumber(text, rule);
          if (!("problem" in read)) edits.set(name, read.value);
        }}
        onBlur={() => {
          if (problem === undefined) draft.value = null;
          void edits.flush();
        }}
      />
      {problem !== undefined && (
        <small id={`${id}-problem`} class="pgw-wide pgw-field__problem">
          {problem}
        </small>
      )}
      {step !== undefined && (
        <input
          class="pgw-slider pgw-wide"
          type="range"
          aria-label={label}
          min={rule.min}
          max={rule.max}
          step={step}
          disabled={!view.writable.value}
          value={at}
          style={{ "--v": `${Math.min(100, Math.max(0, share))}%` }}
          onInput={(event) => {
            draft.value = null;
            edits.set(name, Number(event.currentTarget.value));
          }}
          onChange={() => void edits.flush()}
        />
      )}
    </Row>
  );
}
