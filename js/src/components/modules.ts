// What is large and not always needed comes as text over the wire when it first is, and is loaded
// once for all widgets of the page.

import type { Highlighter, MathRenderer } from "../markdown/index.ts";
import { shared } from "../store/assets.ts";
import type { Store } from "../store.ts";

export function loadMath(store: Store): Promise<MathRenderer> {
  return shared("math module", async () => {
    const text = await store.module("math");
    return ((await load(text)) as { renderMath: MathRenderer }).renderMath;
  });
}

export function loadHighlighter(store: Store): Promise<Highlighter> {
  return shared("code module", async () => {
    const text = await store.module("code");
    return ((await load(text)) as { highlight: Highlighter }).highlight;
  });
}

async function load(text: string): Promise<unknown> {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return await import(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}
