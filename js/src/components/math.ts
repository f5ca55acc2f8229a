// The maths module is large and rare, so that it comes as text over the wire when the first
// formula does, and is loaded once for all widgets of the page.

import type { MathRenderer } from "../markdown/index.ts";
import type { Store } from "../store.ts";

let loading: Promise<MathRenderer> | undefined;

export function mathRenderer(store: Store): Promise<MathRenderer> {
  loading ??= load(store).catch((error: unknown) => {
    // The next formula may find a kernel again.
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(store: Store): Promise<MathRenderer> {
  const text = await store.mathModule();
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    const module = (await import(url)) as { renderMath: MathRenderer };
    return module.renderMath;
  } finally {
    URL.revokeObjectURL(url);
  }
}
