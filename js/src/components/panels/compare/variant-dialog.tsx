// What a variant asks: shown as it is, and changed at once.

import { computed } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { changed, connectionLabel, letter, type VariantDraft } from "../../../comparison/draft.ts";
import type { Params } from "../../../model.ts";
import { promptVersions } from "../../prompt-versions.ts";
import type { View } from "../../view.ts";
import { Dialog } from "../dialog.tsx";
import { ParamEdits } from "../param-edits.ts";
import { AnswerRows, SamplingRows } from "../param-rows.tsx";
import { EditsContext } from "../rows.tsx";
import { useUniqueId } from "../unique-id.ts";
import { compareState } from "./state.ts";

export function openVariant(view: View, opener: HTMLElement, key: string): void {
  view.openDialog(opener, () => <VariantDialog view={view} of={key} />);
}

interface DialogProps {
  readonly view: View;
  readonly of: string;
}

function VariantDialog({ view, of }: DialogProps): JSX.Element | null {
  const state = compareState(view);
  const draft = state.draft.value;
  const edits = useMemo(() => {
    const params = computed(
      () => state.draft.value?.variants.find(({ key }) => key === of)?.params ?? {},
    );
    const send = async (changes: Params) => {
      const left = Object.entries({ ...params.peek(), ...changes }).filter(
        ([, value]) => value !== null,
      );
      state.change((old) => changed(old, of, { params: Object.fromEntries(left) as Params }));
    };
    return new ParamEdits(params, send, of);
  }, [state, of]);
  useEffect(() => () => void edits.flush(), [edits]);
  const at = draft?.variants.findIndex(({ key }) => key === of) ?? -1;
  const variant = draft?.variants[at];
  if (!variant) return null;
  const name = `Variant ${letter(at)}`;
  return (
    <EditsContext.Provider value={edits}>
      <Dialog view={view} name={name} class="pgw-dialog--wide">
        <div class="pgw-dialog__body pgw-variant">
          <Fields
            view={view}
            variant={variant}
            change={(changes) => state.change((old) => changed(old, of, changes))}
          />
          <section class="pgw-sec" aria-label="Sampling">
            <SamplingRows />
          </section>
          <section class="pgw-sec" aria-label="Answer">
            <AnswerRows />
          </section>
        </div>
        <div class="pgw-dialog__foot">
          <small>What is changed is asked with the next run.</small>
          <span class="pgw-spacer" />
          <button type="button" class="pgw-btn pgw-btn--primary" onClick={() => view.close()}>
            Done
          </button>
        </div>
      </Dialog>
    </EditsContext.Provider>
  );
}

interface FieldsProps {
  readonly view: View;
  readonly variant: VariantDraft;
  readonly change: (changes: Partial<Omit<VariantDraft, "key" | "of">>) => void;
}

function Fields({ view, variant, change }: FieldsProps): JSX.Element {
  const { settings, thread } = view.store;
  const { connection, connections, models } = settings.value;
  const id = useUniqueId();
  const versions = promptVersions(thread.value);
  const names = new Set([connection, ...connections].map((each) => each.name));
  names.add(variant.connection);
  return (
    <div class="pgw-form">
      <label>
        Name
        <input
          class="pgw-input"
          data-first
          autocomplete="off"
          value={variant.name}
          onInput={(event) => change({ name: event.currentTarget.value })}
        />
      </label>
      <div class="pgw-form__pair">
        <label>
          Connection
          <select
            class="pgw-input"
            value={variant.connection}
            onChange={(event) => change({ connection: event.currentTarget.value })}
          >
            {[...names].map((name) => (
              <option key={name} value={name}>
                {connectionLabel(name, settings.value)}
              </option>
            ))}
          </select>
        </label>
        <label>
          Model
          <input
            class="pgw-input"
            autocomplete="off"
            spellcheck={false}
            list={`${id}-models`}
            value={variant.model}
            onInput={(event) => change({ model: event.currentTarget.value.trim() })}
          />
          <datalist id={`${id}-models`}>
            {models.map((model) => (
              <option key={model.id} value={model.id} />
            ))}
          </datalist>
        </label>
      </div>
      <label for={`${id}-system`}>System prompt</label>
      {versions.length > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is a box of form fields
        <div class="pgw-seg" role="group" aria-label="Version of the system prompt">
          {versions.map(({ number, text }) => (
            <button
              key={number}
              type="button"
              aria-pressed={text === variant.system}
              onClick={() => change({ system: text })}
            >
              v{number}
            </button>
          ))}
        </div>
      )}
      <textarea
        id={`${id}-system`}
        class="pgw-input pgw-input--text"
        rows={4}
        placeholder="None"
        value={variant.system}
        onInput={(event) => change({ system: event.currentTarget.value })}
      />
    </div>
  );
}
