// Choosing a model: a search field over a list, after the ARIA combobox pattern. A name that is
// not in the list can be used too, since not every server can say what it has.

import { useSignal } from "@preact/signals";
import type { JSX, TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ModelInfo } from "../../model.ts";
import { compact, price } from "../format.ts";
import { Icon } from "../icons.tsx";
import { isComposed } from "../keys.ts";
import { useView } from "../view.ts";
import { useUniqueId } from "./unique-id.ts";

export function ModelPicker(): JSX.Element {
  const view = useView();
  const { settings, thread } = view.store;
  const { connection, models } = settings.value;
  const query = useSignal("");
  const at = useSignal<number | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useUniqueId();

  const names = matching(models, query.value);
  const chosen = names.findIndex((model) => model.id === thread.value.model);
  const active = at.value === null ? Math.max(0, chosen) : Math.min(at.value, names.length - 1);

  useLayoutEffect(() => field.current?.focus({ preventScroll: true }), []);
  useLayoutEffect(() => {
    list.current?.querySelector(".is-active")?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const choose = (model: ModelInfo | undefined) => {
    view.closeAll();
    if (model && model.id !== thread.value.model) void view.ask({ type: "set", model: model.id });
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLInputElement>) => {
    if (isComposed(event)) return;
    const to = (i: number) => {
      at.value = (i + names.length) % Math.max(1, names.length);
    };
    if (event.key === "ArrowDown") to(active + 1);
    else if (event.key === "ArrowUp") to(active - 1);
    else if (event.key === "Enter") choose(names[active]);
    else if (event.key === "Tab") view.close();
    else return;
    event.preventDefault();
  };

  return (
    <div
      class="pgw-menu"
      style={{ width: connection.demo ? "440px" : "320px" }}
      role="dialog"
      aria-label="Model"
    >
      <div class="pgw-search">
        <Icon name="search" small />
        <input
          ref={field}
          type="text"
          role="combobox"
          name="model"
          autocomplete="off"
          spellcheck={false}
          placeholder="Find a model"
          aria-label="Find a model"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          {...(names[active] ? { "aria-activedescendant": `${id}-${active}` } : {})}
          value={query.value}
          onInput={(event) => {
            query.value = event.currentTarget.value;
            at.value = query.value === "" ? null : 0;
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <h3>{connection.label}</h3>
      <div ref={list} role="listbox" id={`${id}-list`} aria-label={connection.label}>
        {names.map((model, i) => (
          // The field keeps the focus and moves through the options by aria-activedescendant.
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's
          // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus
          <div
            key={model.id}
            id={`${id}-${i}`}
            role="option"
            class={`pgw-item${i === active ? " is-active" : ""}`}
            aria-selected={model.id === thread.value.model}
            onClick={() => choose(model)}
            onPointerMove={() => {
              at.value = i;
            }}
          >
            <i>{model.id === thread.value.model && <Icon name="check" />}</i>
            <span class="pgw-item__label">
              {models.includes(model) ? model.id : `Use “${model.id}”`}
            </span>
            <small>{models.includes(model) ? modelNote(model, connection.demo) : ""}</small>
          </div>
        ))}
      </div>
    </div>
  );
}

/** The models that fit what is typed, and last what is typed itself, if no model is called so. */
export function matching(models: readonly ModelInfo[], query: string): readonly ModelInfo[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return models;
  const words = wanted.split(/\s+/);
  const found = models.filter(({ id }) => words.every((word) => id.toLowerCase().includes(word)));
  const exact = found.some(({ id }) => id.toLowerCase() === wanted);
  return exact ? found : [...found, { id: query.trim() }];
}

/** What it costs to read and to write a million tokens, or why it costs nothing. */
export function modelNote(model: ModelInfo, demo: boolean): string {
  const { context, input_price: input, output_price: output, note } = model;
  const reads = context === undefined ? "" : compact(context);
  let costs = note ?? "";
  if (!costs && demo) costs = "offline";
  if (!costs && input !== undefined && output !== undefined) {
    costs = input === 0 && output === 0 ? "free" : `${price(input)} / ${price(output)}`;
  }
  return [reads, costs].filter(Boolean).join(" · ");
}
