import { toMathElement } from "./mathml.ts";

/**
 * Turns TeX into MathML markup; undefined when the source has an error. It comes as a separate
 * asset, since most conversations have no formula.
 */
export type MathRenderer = (tex: string, display: boolean) => string | undefined;

/** The formulas of one text: shown as source until the renderer is there, or when it can't help. */
export class MathViews {
  readonly #load: (() => Promise<MathRenderer>) | undefined;
  readonly #signal: AbortSignal;
  #renderer: MathRenderer | undefined;
  #waiting: Array<() => void> | undefined;

  constructor(load: (() => Promise<MathRenderer>) | undefined, signal: AbortSignal) {
    this.#load = load;
    this.#signal = signal;
  }

  /** `tag` is the element that holds the formula: a `div` for a block, a `span` in a line. */
  create(document: Document, tag: "div" | "span", tex: string, display: boolean): HTMLElement {
    const element = document.createElement(tag);
    element.className = "pgw-math";
    const code = document.createElement("code");
    code.textContent = tex;
    element.append(code);
    this.#whenLoaded(() => {
      const markup = this.#renderer?.(tex, display);
      const math = markup === undefined ? undefined : toMathElement(markup, tex, document);
      if (math !== undefined) element.replaceChildren(math);
    });
    return element;
  }

  #whenLoaded(render: () => void): void {
    if (this.#renderer !== undefined) {
      render();
    } else if (this.#waiting !== undefined) {
      this.#waiting.push(render);
    } else if (this.#load !== undefined) {
      this.#waiting = [render];
      this.#load().then(
        (renderer) => this.#loaded(renderer),
        () => {
          // The source stays; the next formula asks again.
          this.#waiting = undefined;
        },
      );
    }
  }

  #loaded(renderer: MathRenderer): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    if (this.#signal.aborted) return;
    this.#renderer = renderer;
    for (const render of waiting) render();
  }
}
