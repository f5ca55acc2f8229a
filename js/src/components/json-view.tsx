// An answer that was asked for as JSON: a tree that grows as the text does, or the text itself.

import { effect } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Params } from "../model.ts";
import type { Live } from "../store.ts";
import type { JsonTree } from "../tree/tree.ts";
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
