// Runs once after a time that can be paused, as long as somebody points at or reads a toast.

export class ToastTimer {
  #left: number;
  #startedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;
  readonly #done: () => void;

  /** @param left milliseconds */
  constructor(left: number, done: () => void) {
    this.#left = left;
    this.#done = done;
    this.resume();
  }

  pause(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#left = Math.max(0, this.#left - (performance.now() - this.#startedAt));
  }

  resume(): void {
    if (this.#timer !== undefined || this.#ended) return;
    this.#startedAt = performance.now();
    this.#timer = setTimeout(() => {
      this.#ended = true;
      this.#done();
    }, this.#left);
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
