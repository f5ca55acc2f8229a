// Keeps the end of the log in sight while an answer grows, as long as the reader is there.

import { type Signal, signal } from "@preact/signals";
import { atEnd, follows, type Scroll } from "./follow.ts";

export class LogFollower {
  /** Whether the end stays in sight. */
  readonly following: Signal<boolean> = signal(true);
  readonly #log: HTMLElement;
  #lastTop = 0;

  /** @param content all that is in the log, as one element */
  constructor(log: HTMLElement, content: HTMLElement, lifetime: AbortSignal) {
    this.#log = log;
    log.addEventListener("scroll", () => this.#scrolled(), { passive: true, signal: lifetime });
    const sizes = new ResizeObserver(() => {
      if (this.following.peek()) this.toEnd();
    });
    sizes.observe(content);
    sizes.observe(log);
    lifetime.addEventListener("abort", () => sizes.disconnect());
  }

  toEnd(): void {
    this.following.value = true;
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#lastTop = this.#log.scrollTop;
  }

  /** Stops following, unless the end is in sight anyway: somebody moved to another message. */
  release(): void {
    if (!atEnd(this.#scroll())) this.following.value = false;
  }

  #scrolled(): void {
    const now = this.#scroll();
    this.following.value = follows(this.following.peek(), this.#lastTop, now);
    this.#lastTop = now.top;
  }

  #scroll(): Scroll {
    const { scrollTop, clientHeight, scrollHeight } = this.#log;
    return { top: scrollTop, view: clientHeight, all: scrollHeight };
  }
}
