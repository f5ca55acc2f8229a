// Variables as people see them: marks in texts, chips and a menu at the composer.

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { pieces } from "../variables.ts";
import { IconButton } from "./controls.tsx";
import { Menu } from "./menu.tsx";
import { braced, briefly, isUnset, variableOf } from "./used-variables.ts";
import { openVariable } from "./variable-card.tsx";
import { useView, type View } from "./view.ts";

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
