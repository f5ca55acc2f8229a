// The parameters of the next answers: beside the messages, over them, or in place of them.

import { computed } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { IconButton } from "../controls.tsx";
import { Icon } from "../icons.tsx";
import { useView } from "../view.ts";
import { openCode } from "./code-dialog.tsx";
import { ModelPicker, modelNote } from "./model-picker.tsx";
import { ParamEdits } from "./param-edits.ts";
import { AnswerRows, SamplingRows } from "./param-rows.tsx";
import { EditsContext, useEdits } from "./rows.tsx";
import { ToolsSection } from "./tools-section.tsx";
import { useUniqueId } from "./unique-id.ts";

export function ParametersPanel({ close }: { close: () => void }): JSX.Element {
  const view = useView();
  const { store } = view;
  const panel = useRef<HTMLElement>(null);
  const edits = useMemo(() => {
    const thread = store.thread.peek().id;
    const params = computed(() => store.thread.value.params);
    return new ParamEdits(params, async (changes) => {
      // What was meant for this thread must not reach another one.
      if (store.thread.peek().id !== thread) return;
      await store.request({ type: "set", params: changes });
    });
  }, [store]);

  useLayoutEffect(() => panel.current?.focus({ preventScroll: true }), []);
  useEffect(() => () => void edits.flush(), [edits]);

  const docked = view.parametersDocked.value;
  return (
    <EditsContext.Provider value={edits}>
      {!docked && <div class="pgw-shade" onPointerDown={close} />}
      <aside
        ref={panel}
        class={docked ? "pgw-panel pgw-panel--dock" : "pgw-panel"}
        aria-label="Parameters"
        tabIndex={-1}
      >
        <div class="pgw-panel__head">
          <h2>Parameters</h2>
          <IconButton icon="x" label="Close parameters" onClick={close} />
        </div>
        <div class="pgw-panel__body">
          <ModelSection />
          <section class="pgw-sec" aria-label="Sampling">
            <SamplingRows />
          </section>
          <section class="pgw-sec" aria-label="Answer">
            <AnswerRows />
          </section>
          <ToolsSection />
        </div>
        <Foot />
      </aside>
    </EditsContext.Provider>
  );
}

function ModelSection(): JSX.Element {
  const view = useView();
  const id = useUniqueId();
  const { settings, thread } = view.store;
  const { models, connection } = settings.value;
  const { model } = thread.value;
  const known = models.find((each) => each.id === model);
  const words = known ? modelWords(known, connection.demo) : "";
  return (
    <section class="pgw-sec">
      <div class="pgw-field pgw-field--model">
        <div class="pgw-field__name">
          <label for={id}>Model</label>
        </div>
        <small class="pgw-field__note pgw-num" title={words}>
          {words}
        </small>
        <button
          id={id}
          type="button"
          class="pgw-select pgw-wide"
          aria-haspopup="dialog"
          aria-expanded="false"
          disabled={!view.live.value}
          onClick={(event) => {
            void view.ask({ type: "models" });
            view.openMenu(event.currentTarget, "end", () => <ModelPicker />);
          }}
        >
          <span>{model || "No model"}</span>
          <Icon name="down" small />
        </button>
      </div>
    </section>
  );
}

/** "1M context · $0.40 / $1.60 per M". */
export function modelWords(model: Parameters<typeof modelNote>[0], demo: boolean): string {
  const [first = "", ...rest] = modelNote(model, demo).split(" · ");
  const size = model.context === undefined ? first : `${first} context`;
  const priced = rest.some((each) => each.startsWith("$")) || size.startsWith("$");
  return [size, ...rest].filter(Boolean).join(" · ") + (priced ? " per M" : "");
}

function Foot(): JSX.Element {
  const view = useView();
  const edits = useEdits();
  const changed = edits.changed();
  const error = edits.error.value;
  return (
    <>
      {error !== "" && (
        <div class="pgw-panel__error" role="alert">
          <p>Not set: {error}. What you typed is kept.</p>
          <button type="button" class="pgw-btn pgw-btn--line" onClick={() => void edits.flush()}>
            Try again
          </button>
        </div>
      )}
      <div class="pgw-panel__foot">
        <button
          type="button"
          class="pgw-btn pgw-btn--quiet"
          disabled={changed.length === 0 || !view.writable.value}
          onClick={() => edits.reset(...changed)}
        >
          <Icon name="undo" small />
          {changed.length === 0 ? "Reset all" : `Reset all ${changed.length}`}
        </button>
        <span class="pgw-spacer" />
        <button
          type="button"
          class="pgw-btn pgw-btn--line"
          aria-haspopup="dialog"
          disabled={!view.live.value}
          onClick={(event) => {
            const opener = event.currentTarget;
            // The code is of what is shown here.
            void edits.flush().then(() => openCode(view, opener, null));
          }}
        >
          <Icon name="code" small />
          View code
        </button>
      </div>
    </>
  );
}
