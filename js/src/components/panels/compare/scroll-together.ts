// Answers of different lengths, scrolled as one: each stands at the same share of its way.

export class ScrollTogether {
  /** Those that were scrolled from here, and whose own event is still to come. */
  readonly #moved = new Set<Element>();

  follow(from: HTMLElement, all: Iterable<HTMLElement>): void {
    if (this.#moved.delete(from)) return;
    const way = from.scrollHeight - from.clientHeight;
    if (way <= 0) return;
    const share = from.scrollTop / way;
    for (const each of all) {
      if (each === from) continue;
      const top = Math.round(share * (each.scrollHeight - each.clientHeight));
      if (Math.abs(each.scrollTop - top) < 1) continue;
      this.#moved.add(each);
      each.scrollTop = top;
    }
  }
}
