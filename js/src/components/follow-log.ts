// Keeps the end of the log in sight while an answer grows, as long as the reader is there.

import { type Signal, signal } from "@preact/signals";
import { atEnd, follows, type Scroll } from "./follow.ts";

/** How long after a turn of the wheel a scroll event is still its doing, in milliseconds. */
const HAND = 400;
const HAND_EVENTS = ["wheel", "touchmove", "keydown", "pointerdown", "pointermove"] as const;

export class LogFollower {
  /** Whether the end stays in sight. */
  readonly following: Signal<boolean>;
  readonly #log: HTMLElement;
  #last: Scroll;
  #handAt = Number.NEGATIVE_INFINITY;

  /** @param content all that is in the log, as one element */
  constructor(log: HTMLElement, content: HTMLElement, following: boolean, lifetime: AbortSignal) {
    this.#log = log;
    this.following = signal(following);
    this.#last = this.#scroll();
    const listening = { passive: true, signal: lifetime };
    log.addEventListener("scroll", () => this.#scrolled(), listening);
    for (const type of HAND_EVENTS) {
      log.addEventListener(type, (event) => this.#hand(event), listening);
    }
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
    this.#last = this.#scroll();
  }

  /** Stops following, unless the end is in sight anyway: somebody moved to another message. */
  release(): void {
    if (!atEnd(this.#scroll())) this.following.value = false;
  }

  #hand(event: Event): void {
    // Moving the pointer over the log is no scrolling; dragging its scroll bar is.
    if (event.type === "pointermove" && (event as PointerEvent).buttons === 0) return;
    this.#handAt = event.timeStamp;
  }

  #scrolled(): void {
    const now = this.#scroll();
    const byHand = performance.now() - this.#handAt < HAND;
    this.following.value = follows(this.following.peek(), this.#last, now, byHand);
    this.#last = now;
  }

  #scroll(): Scroll {
    const { scrollTop, clientHeight, scrollHeight } = this.#log;
    return { top: scrollTop, view: clientHeight, all: scrollHeight };
  }
}
