// How far the events of the open thread have been passed on, and who waits for more of them.

/** How long somebody waits at most, in milliseconds. */
const PATIENCE = 2000;

export class Reached {
  #revision = -1;
  readonly #held = new Set<() => void>();

  /** Another thread is open. */
  reset(): void {
    this.#revision = -1;
  }

  /** Events up to a revision have been passed on. */
  to(revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
  }

  /** Whoever waits looks whether that is over. */
  look(): void {
    for (const look of [...this.#held]) look();
  }

  /** Waits until a revision is reached or `moot` is true, but not for ever. */
  wait(revision: number, moot: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.#revision >= revision || moot()) go();
      };
      const go = () => {
        clearTimeout(timer);
        this.#held.delete(look);
        resolve();
      };
      const timer = setTimeout(go, PATIENCE);
      this.#held.add(look);
      look();
    });
  }
}
