// What is large and not always needed is a module of its own, loaded once for the whole page.

import type { Highlighter, MathRenderer } from "../markdown/index.ts";
import type { Store } from "../store.ts";
import type { JsonTree } from "../tree/tree.ts";

export async function loadMath(store: Store): Promise<MathRenderer> {
  return ((await store.module("math")) as { renderMath: MathRenderer }).renderMath;
}

export async function loadHighlighter(store: Store): Promise<Highlighter> {
  return ((await store.module("code")) as { highlight: Highlighter }).highlight;
}

export async function loadTree(store: Store): Promise<typeof JsonTree> {
  return ((await store.module("tree")) as { JsonTree: typeof JsonTree }).JsonTree;
}
