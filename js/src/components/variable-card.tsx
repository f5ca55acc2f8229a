// The card of a variable: what it stands for, and where that can be changed.

import { useSignal } from "@preact/signals";
import type { JSX, TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Variable } from "../model.ts";
import { isName } from "../variables.ts";
import { isNowhere } from "./focus.ts";
import { plural } from "./format.ts";
import { isComposed } from "./keys.ts";
import { braced, isCut, isEditable, variableOf } from "./used-variables.ts";
import type { View } from "./view.ts";

/** Opens the card of a variable, or an empty one for a new name. */
export function openVariable(view: View, opener: HTMLElement, name?: string): void {
  view.openMenu(opener, "start", () => <VariableCard view={view} name={name} />);
}

interface CardProps {
  readonly view: View;
  readonly name: string | undefined;
}

function VariableCard({ view, name }: CardProps): JSX.Element {
  const card = useRef<HTMLDivElement>(null);
  const called = useSignal(name ?? "");
  const typed = useSignal<string | undefined>(undefined);
  const variable = name === undefined ? undefined : variableOf(view, name);
  const editable = view.live.value && (!variable || isEditable(variable));
  const value = typed.value ?? variable?.text ?? "";
  const wrong = called.value !== "" && !isName(called.value);

  useLayoutEffect(() => {
    (card.current?.querySelector<HTMLElement>("input, textarea") ?? card.current)?.focus();
  }, []);

  const set = async (to: string | null) => {
    if (called.value === "" || wrong) return;
    const layer = view.top;
    const field = layer?.opener.closest(".pgw-box")?.querySelector("textarea");
    if (!(await view.ask({ type: "set_variable", name: called.value, value: to }))) return;
    view.close(layer);
    // What it was opened from goes where it names only what has no value.
    requestAnimationFrame(() => {
      if (isNowhere(view.host.root)) field?.focus({ preventScroll: true });
    });
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== "Enter" || event.shiftKey || isComposed(event)) return;
    event.preventDefault();
    void set(value);
  };

  return (
    <div
      ref={card}
      class="pgw-menu pgw-card"
      role="dialog"
      aria-label={name === undefined ? "New variable" : `Variable ${name}`}
      tabIndex={-1}
    >
      <form
        class="pgw-form"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          void set(value);
        }}
      >
        {name === undefined ? (
          <label>
            Name
            <input
              class="pgw-input"
              name="variable"
              required
              spellcheck={false}
              value={called.value}
              onInput={(event) => {
                called.value = event.currentTarget.value.trim();
              }}
            />
          </label>
        ) : (
          <div class="pgw-card__top">
            <span class="pgw-var">{braced(name)}</span>
            {variable?.kind && <small>{variable.kind}</small>}
          </div>
        )}
        {wrong && <p role="alert">A name has letters, digits and _, as in Python.</p>}
        {editable ? (
          <label>
            Value
            <textarea
              class="pgw-input"
              name="value"
              rows={3}
              value={value}
              onInput={(event) => {
                typed.value = event.currentTarget.value;
              }}
              onKeyDown={onKeyDown}
            />
          </label>
        ) : (
          variable && <Preview variable={variable} />
        )}
        {variable && <small>{origin(view, variable)}</small>}
        {editable && (
          <div class="pgw-form__acts">
            {variable?.source === "playground" && (
              <button
                type="button"
                class="pgw-btn pgw-btn--s pgw-btn--quiet"
                onClick={() => void set(null)}
              >
                Unset
              </button>
            )}
            <button type="submit" class="pgw-btn pgw-btn--s pgw-btn--primary" disabled={wrong}>
              Set
            </button>
          </div>
        )}
      </form>
    </div>
  );
}

function Preview({ variable }: { variable: Variable }): JSX.Element {
  const { text, error } = variable;
  if (error !== null) return <p role="alert">{error}</p>;
  return (
    <pre class="pgw-var-text">
      {text}
      {isCut(variable) && "…"}
    </pre>
  );
}

/** How large it is, where it comes from and, if not here, where it can be changed. */
function origin(view: View, variable: Variable): string {
  const { source, tokens, error } = variable;
  const kernel = view.store.peer === "kernel";
  if (source === null) {
    return `Not set. Nothing is sent until it has a value${kernel ? ", here or in the notebook" : ""}.`;
  }
  const size = error === null ? `About ${plural(tokens, "token")}. ` : "";
  if (source === "kernel") return `${size}From the notebook: change it there.`;
  return isEditable(variable) ? size : `${size}Change it in Python: pg.variables.`;
}
