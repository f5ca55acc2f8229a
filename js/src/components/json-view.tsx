// An answer that was asked for as JSON: a tree that grows as the text does, or the text itself.

import { effect } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Message, Params } from "../model.ts";
import type { Live } from "../store.ts";
import type { JsonTree } from "../tree/tree.ts";
import { reask, regenerate } from "./actions.ts";
import { Icon } from "./icons.tsx";
import { MarkdownView } from "./markdown-view.tsx";
import { loadTree } from "./modules.ts";
import { useView } from "./view.ts";

/** Longer than any fence that an answer could have in it. */
const FENCE = "~".repeat(40);

export function wantsJson(params: Params | undefined): boolean {
  const wanted = params?.response_format as { readonly type?: unknown } | null | undefined;
  return wanted?.type === "json_schema" || wanted?.type === "json_object";
}

interface JsonViewProps {
  readonly text: string;
  readonly live: Live | undefined;
  readonly part: number;
  readonly caret: boolean;
}

export function JsonView(props: JsonViewProps): JSX.Element {
  const [raw, setRaw] = useState(false);
  const choice = (label: string, value: boolean) => (
    <button type="button" aria-pressed={raw === value} onClick={() => setRaw(value)}>
      {label}
    </button>
  );
  return (
    <div class="pgw-json">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is a box of form fields */}
      <div class="pgw-seg" role="group" aria-label="Show the answer as">
        {choice("Tree", false)}
        {choice("JSON", true)}
      </div>
      {raw ? (
        <MarkdownView {...props} fence={`${FENCE}json\n`} />
      ) : (
        <Tree {...props} fail={() => setRaw(true)} />
      )}
    </div>
  );
}

/** The tree is a module of its own; where it does not come, the text is shown. */
function Tree({ text, live, part, fail }: JsonViewProps & { fail: () => void }): JSX.Element {
  const { store } = useView();
  const place = useRef<HTMLDivElement>(null);
  const [tree, setTree] = useState<JsonTree | null>(null);

  useLayoutEffect(() => {
    let here = true;
    loadTree(store).then(
      (Made) => {
        if (here && place.current) setTree(new Made(place.current));
      },
      () => here && fail(),
    );
    return () => {
      here = false;
    };
  }, [store]);

  useLayoutEffect(() => {
    if (!tree) return;
    if (!live) {
      tree.end(text);
      return;
    }
    return effect(() => {
      live.version.value;
      tree.grow(live.parts[part]?.text ?? "");
    });
  }, [tree, live, part, text]);

  return <div ref={place} class="pgw-tree" />;
}

/** Why an answer does not fit the format it was asked for in, and what can be done. */
export function InvalidNote({ message }: { message: Message }): JSX.Element {
  const view = useView();
  return (
    <div class="pgw-note pgw-note--warn" role="alert">
      <Icon name="alert" />
      <div class="pgw-note__body">
        <h3>The answer does not fit its format</h3>
        <p>{message.invalid}</p>
        {view.writable.value && view.running.value === null && (
          <div class="pgw-note__acts">
            <button
              type="button"
              class="pgw-btn pgw-btn--line"
              onClick={() => reask(view, message)}
            >
              Ask again with the reason
            </button>
            <button
              type="button"
              class="pgw-btn pgw-btn--quiet"
              onClick={() => regenerate(view, message)}
            >
              Regenerate
            </button>
          </div>
        )}
      </div>
    </div>
  );
}
