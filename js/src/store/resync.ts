// Asks for a snapshot, again and again with growing pauses, until one is adopted.

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;

export class Resync {
  readonly #ask: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: () => void) {
    this.#ask = ask;
  }

  get running(): boolean {
    return this.#timer !== undefined;
  }

  /** Asks now, unless that has begun already. */
  start(): void {
    if (!this.running) this.#next(FIRST_PAUSE);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #next(pause: number): void {
    this.#timer = setTimeout(() => this.#next(Math.min(2 * pause, LONGEST_PAUSE)), pause);
    this.#ask();
  }
}
