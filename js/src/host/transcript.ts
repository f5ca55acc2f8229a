// The saved transcript beside a widget: a copy of the conversation for people and programs that
// show the notebook without its kernel. Either it or the widget is seen.
//
// A notebook renders an output anew whenever it likes, so nothing is done to the transcript's
// elements: a rule hides them wherever they are. It stands in each view, and goes with the last.

/** `widget`: this view shows the present. `transcript`: nobody answers any more. */
export type Shown = "widget" | "transcript";

/** What a kernel may name a transcript; anything else could end the rule that it stands in. */
const SAFE = /^[\w-]+$/;

/** The rule that shows one of the two. Where there is no transcript, the widget shows always. */
export function transcriptRule(id: string | null | undefined, shown: Shown): string {
  if (!id || !SAFE.test(id)) return "";
  const transcript = `[data-pgw-transcript="${id}"]`;
  const widget = `.pgw[data-transcript="${id}"]`;
  const hidden =
    shown === "widget"
      ? [transcript, `.jp-OutputArea-child:has(${transcript})`]
      : [
          `:root:has(${transcript}) ${widget}`,
          `:root:has(${transcript}) .jp-OutputArea-child:has(${widget})`,
        ];
  // One by one: where a browser does not know :has, the other rule must still hold.
  return hidden.map((selector) => `${selector}{display:none}`).join("");
}

/** Puts the rule beside a view until the signal aborts, and says how to change it. */
export function standBeside(
  root: HTMLElement,
  signal: AbortSignal,
): (id: string | null | undefined, shown: Shown) => void {
  const style = root.ownerDocument.createElement("style");
  root.after(style);
  signal.addEventListener("abort", () => style.remove());
  return (id, shown) => {
    const rule = transcriptRule(id, shown);
    if (rule === "") delete root.dataset.transcript;
    else root.dataset.transcript = id ?? "";
    if (style.textContent !== rule) style.textContent = rule;
  };
}
