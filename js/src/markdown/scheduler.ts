/** How much longer the pause after a piece of work is than the work: it takes a quarter at most. */
const pauseFactor = 3;

/** A hidden page has no frames; text must arrive there too. */
const longestWait = 250;

/** Runs a piece of work at most once a frame, and at most a quarter of the time. */
export class FrameScheduler {
  readonly #view: Window & typeof globalThis;
  readonly #work: () => void;
  #frame: number | undefined;
  #timer: number | undefined;
  #notBefore = 0;

  constructor(view: Window & typeof globalThis, signal: AbortSignal, work: () => void) {
    this.#view = view;
    this.#work = work;
    signal.addEventListener("abort", () => this.cancel(), { once: true });
  }

  request(): void {
    if (this.#frame !== undefined || this.#timer !== undefined) return;
    const pause = this.#notBefore - this.#view.performance.now();
    if (pause > 0) this.#timer = this.#view.setTimeout(() => this.#waitForFrame(), pause);
    else this.#waitForFrame();
  }

  /** Does the work at once instead of later. */
  run(): void {
    this.cancel();
    const start = this.#view.performance.now();
    this.#work();
    const end = this.#view.performance.now();
    this.#notBefore = end + (end - start) * pauseFactor;
  }

  cancel(): void {
    if (this.#frame !== undefined) this.#view.cancelAnimationFrame(this.#frame);
    if (this.#timer !== undefined) this.#view.clearTimeout(this.#timer);
    this.#frame = undefined;
    this.#timer = undefined;
  }

  #waitForFrame(): void {
    this.#frame = this.#view.requestAnimationFrame(() => this.run());
    this.#timer = this.#view.setTimeout(() => this.run(), longestWait);
  }
}
