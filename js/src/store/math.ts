// Formulas: the module that renders them comes from the kernel, at the first formula of the page.

import type { MathRenderer } from "../markdown/math-view.ts";
import type { Store } from "../store.ts";
import { shared } from "./assets.ts";

/** The renderer of formulas, loaded once a page. */
export function loadMath(store: Pick<Store, "mathModule">): Promise<MathRenderer> {
  return shared("math.renderer", async () => importMath(await store.mathModule()));
}

async function importMath(source: string): Promise<MathRenderer> {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    const module: { renderMath?: unknown } = await import(/* @vite-ignore */ url);
    if (typeof module.renderMath !== "function")
      throw new Error("The maths module has no renderer");
    return module.renderMath as MathRenderer;
  } finally {
    URL.revokeObjectURL(url);
  }
}
