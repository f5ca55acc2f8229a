// The parameters of the next answers: beside the messages, over them, or in place of them.

import { computed } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { IconButton } from "../controls.tsx";
import { Icon } from "../icons.tsx";
import { ModelPicker, modelNote } from "../model-picker.tsx";
import { useView } from "../view.ts";
import { Segments } from "./choices.tsx";
import { openCode } from "./code-dialog.tsx";
import { ExtraRow, FormatRow } from "./json-rows.tsx";
import { ParamEdits } from "./param-edits.ts";
import { EditsContext, NumberRow, Row, useEdits } from "./rows.tsx";
import { StopRow } from "./stop-row.tsx";
import { ToolsSection } from "./tools-section.tsx";
import { useUniqueId } from "./unique-id.ts";

const MOST = Number.MAX_SAFE_INTEGER;

export function ParametersPanel({ close }: { close: () => void }): JSX.Element {
  const view = useView();
  const { store } = view;
  const panel = useRef<HTMLElement>(null);
  const edits = useMemo(() => {
    const params = computed(() => store.thread.value.params);
    return new ParamEdits(params, async (changes) => {
      await store.request({ type: "set", params: changes });
    });
  }, [store]);
  const thread = store.thread.value.id;

  useLayoutEffect(() => panel.current?.focus({ preventScroll: true }), []);
  useEffect(
    () => () => {
      // What was meant for this thread must not reach another one.
      if (store.thread.peek().id === thread) void edits.flush();
      else edits.drop();
    },
    [edits, store, thread],
  );

  const docked = view.parametersDocked.value;
  return (
    <EditsContext.Provider value={edits}>
      {!docked && (
        // biome-ignore lint/a11y/noStaticElementInteractions: by key Escape and the button close
        <div class="pgw-shade" onPointerDown={close} />
      )}
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
            <NumberRow
              name="temperature"
              label="Temperature"
              min={0}
              max={2}
              step={0.1}
              unset="1.00"
            />
            <NumberRow name="top_p" label="Top p" min={0} max={1} step={0.05} unset="1.00" />
            <NumberRow
              name="max_tokens"
              label="Max tokens"
              min={1}
              max={MOST}
              whole
              unset="no limit"
            />
            <NumberRow name="seed" label="Seed" min={-MOST} max={MOST} whole unset="random" />
            <StopRow />
            <NumberRow
              name="frequency_penalty"
              label="Frequency penalty"
              min={-2}
              max={2}
              step={0.1}
              unset="0.00"
            />
            <NumberRow
              name="presence_penalty"
              label="Presence penalty"
              min={-2}
              max={2}
              step={0.1}
              unset="0.00"
            />
          </section>
          <section class="pgw-sec" aria-label="Answer">
            <EffortRow />
            <NumberRow name="logprobs" label="Logprobs" min={0} max={20} whole unset="off" />
            <FormatRow />
            <ExtraRow />
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

const EFFORTS = ["none", "low", "medium", "high"];

function EffortRow(): JSX.Element {
  const view = useView();
  const edits = useEdits();
  const group = useUniqueId();
  const value = edits.value("reasoning_effort");
  // A service may have words of its own, which Python can set.
  const words =
    typeof value === "string" && !EFFORTS.includes(value) ? [...EFFORTS, value] : EFFORTS;
  return (
    <Row
      name="reasoning_effort"
      label="Reasoning effort"
      {...(value === undefined ? { hint: "left to the model" } : {})}
    >
      <Segments
        label="Reasoning effort"
        group={group}
        class="pgw-seg--fill pgw-wide"
        options={words.map((word) => ({ value: word, label: capital(word) }))}
        value={typeof value === "string" ? value : undefined}
        disabled={!view.writable.value}
        choose={(word) => {
          edits.set("reasoning_effort", word);
          void edits.flush();
        }}
      />
    </Row>
  );
}

const capital = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

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
