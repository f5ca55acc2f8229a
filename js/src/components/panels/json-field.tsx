// A field for JSON: it says what is wrong and where, and keeps what is typed until it makes sense.

import type { Signal } from "@preact/signals";
import type { JSX, TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { isComposed } from "../keys.ts";
import { useView } from "../view.ts";
import { jsonPieces, jsonProblem, pretty, problemWords } from "./json-text.ts";
import { useUniqueId } from "./unique-id.ts";

/** Longer texts are not coloured while they are typed. */
const COLOURED = 20_000;

interface JsonFieldProps {
  readonly label: string;
  /** The value as it is set. */
  readonly value: unknown;
  /** What is being typed, or makes no sense yet; null while the field follows the value. */
  readonly draft: Signal<string | null>;
  /** What is wrong with a value that is JSON, if anything is. */
  readonly check: (value: unknown) => string | undefined;
  readonly change: (value: unknown) => void;
  readonly end: () => void;
  readonly placeholder?: string;
}

export function JsonField(props: JsonFieldProps): JSX.Element {
  const { label, value, draft, check, change, end, placeholder } = props;
  const view = useView();
  const id = useUniqueId();
  const back = useRef<HTMLPreElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const text = draft.value ?? (value === undefined ? "" : pretty(value));
  const problem = text.trim() === "" ? undefined : problemOf(text, check);

  useLayoutEffect(() => {
    if (back.current && field.current) back.current.scrollTop = field.current.scrollTop;
  }, [text]);

  const type = (typed: string) => {
    draft.value = typed;
    if (typed.trim() === "") change(undefined);
    else if (problemOf(typed, check) === undefined) change(JSON.parse(typed));
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== "Enter" || isComposed(event) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const { currentTarget: area } = event;
    const before = area.value.slice(0, area.selectionStart);
    const indent = /[^\n]*$/.exec(before)?.[0].match(/^ */)?.[0] ?? "";
    const deeper = /[[{]\s*$/.test(before) ? "  " : "";
    area.setRangeText(`\n${indent}${deeper}`, area.selectionStart, area.selectionEnd, "end");
    type(area.value);
  };

  return (
    <div class="pgw-wide pgw-json">
      <div class="pgw-json__box">
        <pre ref={back} aria-hidden="true">
          {text.length > COLOURED
            ? text
            : jsonPieces(text).map((piece, i) => (
                <span key={i} class={`pgw-json__${piece.kind}`}>
                  {piece.text}
                </span>
              ))}
          {"\n"}
        </pre>
        <textarea
          ref={field}
          aria-label={label}
          rows={Math.min(16, Math.max(3, text.split("\n").length))}
          spellcheck={false}
          autocomplete="off"
          placeholder={placeholder}
          disabled={!view.writable.value}
          value={text}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : `${id}-problem`}
          onInput={(event) => type(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onScroll={(event) => {
            if (!back.current) return;
            back.current.scrollTop = event.currentTarget.scrollTop;
            back.current.scrollLeft = event.currentTarget.scrollLeft;
          }}
          onBlur={() => {
            if (problem === undefined) draft.value = null;
            end();
          }}
        />
      </div>
      <small id={`${id}-problem`} class="pgw-field__problem" role="status">
        {problem}
      </small>
    </div>
  );
}

/** What is wrong with a text: that it is no JSON, or what `check` says of its value. */
export function problemOf(text: string, check: JsonFieldProps["check"]): string | undefined {
  const problem = jsonProblem(text);
  if (problem) return problemWords(problem);
  const wrong = check(JSON.parse(text));
  return wrong === undefined ? undefined : `${wrong}.`;
}
