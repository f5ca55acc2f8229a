// The caret of a growing text blinks only while no text comes. An animation that begins anew with
// each delta, as the caret moves on, would take a third of all that a page does for an answer.

/** Milliseconds without text until the caret blinks. */
const REST = 600;

export class CaretRest {
  readonly #container: Element;
  readonly #signal: AbortSignal;
  #timer: number | undefined;

  /** @param container has the class `is-resting` while nothing comes */
  constructor(container: Element, signal: AbortSignal) {
    this.#container = container;
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#stir(), { once: true });
  }

  /** The caret has moved. */
  moved(): void {
    this.#stir();
    if (this.#signal.aborted) return;
    this.#timer = window.setTimeout(() => this.#container.classList.add("is-resting"), REST);
  }

  #stir(): void {
    this.#container.classList.remove("is-resting");
    window.clearTimeout(this.#timer);
  }
}
