// Variables as people see them: marks in texts, chips in the composer, and a card with the value.

import { useSignal } from "@preact/signals";
import type { JSX, TargetedKeyboardEvent } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Message, Variable } from "../model.ts";
import { isName, pieces } from "../variables.ts";
import { regenerate } from "./actions.ts";
import { IconButton } from "./controls.tsx";
import { plural } from "./format.ts";
import { isComposed } from "./keys.ts";
import { Menu } from "./menu.tsx";
import { briefly, changedSince, isEditable, isUnset, variableOf } from "./used-variables.ts";
import { useView, type View } from "./view.ts";

export const braced = (name: string): string => `{{${name}}}`;

/** How long somebody has to stop typing before a name is asked about, in milliseconds. */
const PAUSE = 300;

/** Asks about names that are not known yet, once nobody types any more. */
export function useAsking(view: View, needed: readonly string[]): void {
  const unknown = needed.filter((name) => !variableOf(view, name));
  const live = view.live.value;
  useEffect(() => {
    if (!live || unknown.length === 0) return;
    const timer = setTimeout(() => {
      // One that is not answered is asked about when it is sent, at the latest.
      view.store.request({ type: "variables", names: unknown }).catch(() => undefined);
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [view, live, unknown.join()]);
}

/** What is to be done before anything can be sent. */
export const unsetWords = (names: readonly string[]): string =>
  `Set ${names.map(braced).join(", ")}`;

/** Says that nothing is sent while names are unset, if there are some. */
export function refuseUnset(view: View, unset: readonly string[]): boolean {
  if (unset.length === 0) return false;
  view.toast.value = { text: `${unsetWords(unset)} first. What you wrote stays here.` };
  return true;
}

/** A text with its variables marked. */
export function WithVariables({ text }: { text: string }): JSX.Element {
  const view = useView();
  return (
    <>
      {pieces(text).map(({ text: words, name }, i) =>
        name === undefined ? (
          words
        ) : (
          <button
            key={i}
            type="button"
            class="pgw-var"
            title={titleOf(view, name)}
            onClick={(event) => openVariable(view, event.currentTarget, name)}
          >
            {words}
          </button>
        ),
      )}
    </>
  );
}

/** What is said of a variable when one points at it. */
export function titleOf(view: View, name: string): string {
  const variable = variableOf(view, name);
  if (!variable) return braced(name);
  return `${braced(name)}: ${variable.source === null ? "not set" : briefly(variable)}`;
}

export function Chips({ names }: { names: readonly string[] }): JSX.Element {
  const view = useView();
  return (
    <>
      {names.map((name) => {
        const variable = variableOf(view, name);
        return (
          <button
            key={name}
            type="button"
            class={`pgw-chip${isUnset(variable) ? " pgw-chip--empty" : ""}`}
            aria-haspopup="dialog"
            aria-expanded="false"
            onClick={(event) => openVariable(view, event.currentTarget, name)}
          >
            <b>{braced(name)}</b>
            <span>{variable ? briefly(variable) : "…"}</span>
          </button>
        );
      })}
    </>
  );
}

/** Opens the menu of all variables, or at once what there is to do where there is none. */
export function VariablesButton({ names }: { names: readonly string[] }): JSX.Element {
  const view = useView();
  return (
    <IconButton
      icon="braces"
      label="Variables"
      aria-haspopup={names.length > 0 ? "menu" : "dialog"}
      aria-expanded="false"
      disabled={!view.live.value}
      onClick={(event) => {
        const opener = event.currentTarget;
        if (names.length === 0) {
          openVariable(view, opener);
          return;
        }
        view.openMenu(opener, "start", () => (
          <Menu
            label="Variables"
            width={272}
            items={[
              ...names.map((name) => {
                const variable = variableOf(view, name);
                const hint = variable ? briefly(variable).slice(0, 24) : "";
                return { label: braced(name), hint, run: () => openVariable(view, opener, name) };
              }),
              "line" as const,
              { label: "New variable", icon: "plus", run: () => openVariable(view, opener) },
            ]}
          />
        ));
      }}
    />
  );
}

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
    if (await view.ask({ type: "set_variable", name: called.value, value: to })) view.closeAll();
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
      {text.length < variable.length && "…"}
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

/** Says that an answer was made with other values, and offers to make it anew. */
export function ChangedMark({ message }: { message: Message }): JSX.Element | null {
  const view = useView();
  const changed = changedSince(view, message);
  const [first] = changed;
  if (!first || !view.writable.value) return null;
  const words = changed.length === 1 ? first.name : plural(changed.length, "variable");
  return (
    <button
      type="button"
      class="pgw-btn pgw-btn--s pgw-changed"
      aria-haspopup="dialog"
      aria-expanded="false"
      onClick={(event) =>
        view.openMenu(event.currentTarget, "start", () => (
          <ChangedCard view={view} message={message} />
        ))
      }
    >
      {words} {changed.length === 1 ? "has" : "have"} changed
    </button>
  );
}

function ChangedCard({ view, message }: { view: View; message: Message }): JSX.Element {
  const again = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => again.current?.focus(), []);
  return (
    <div class="pgw-menu pgw-card" role="dialog" aria-label="What has changed">
      {changedSince(view, message).map((now) => (
        <p key={now.name}>
          <span class="pgw-var">{braced(now.name)}</span> had another value when this was written.{" "}
          {now.source === null ? "Now it is not set." : `Now: ${briefly(now)}`}
        </p>
      ))}
      <div class="pgw-form__acts">
        <button
          ref={again}
          type="button"
          class="pgw-btn pgw-btn--s pgw-btn--line"
          disabled={view.running.value !== null}
          onClick={() => {
            view.closeAll();
            regenerate(view, message);
          }}
        >
          Regenerate
        </button>
      </div>
    </div>
  );
}
