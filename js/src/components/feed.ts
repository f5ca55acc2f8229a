// Between a text that grows and its renderer: "the text is now this" becomes appended pieces, and
// what comes faster than it can be shown is handed on in slices, so that no answer holds up the
// page.

/** What a feed needs of the renderer. */
export interface Renderer {
  append(text: string): void;
  set(text: string): void;
  flush(): void;
  finish(): void;
  setCaret(on: boolean): void;
}

/**
 * How many UTF-16 units are shown at once. To parse them, build their nodes and lay these out takes
 * about 15 ms; a page feels held up from 50 ms on.
 */
export const SLICE = 4096;

export class Feed {
  readonly #renderer: Renderer;
  readonly #lag: (lags: boolean) => void;
  #text = "";
  /** How much of the text the renderer has, and how much more it takes until it has shown that. */
  #given = 0;
  #room = SLICE;
  #lags = false;

  /** @param lag called with true when a whole text is not shown yet, and with false when it is */
  constructor(renderer: Renderer, lag: (lags: boolean) => void) {
    this.#renderer = renderer;
    this.#lag = lag;
  }

  /** The text so far. It only ever grows, except when a snapshot has corrected it. */
  grow(text: string): void {
    this.#setLag(false);
    const first = this.#given === 0;
    if (text.startsWith(this.#text)) this.#extend(text);
    else this.#replace(text);
    // The first words have been waited for; they don't wait for a frame.
    if (first && this.#given > 0) this.#renderer.flush();
  }

  /** This is the whole text. */
  end(text: string): void {
    this.#renderer.setCaret(false);
    // What never grew here comes in one piece, and so does what was corrected.
    if (this.#given > 0 && text.startsWith(this.#text)) this.#extend(text);
    else this.#replace(text);
    if (this.#given < text.length) this.#setLag(true);
    else this.#finish();
  }

  setCaret(on: boolean): void {
    this.#renderer.setCaret(on);
  }

  /** The renderer has shown what it was given. */
  flushed(): void {
    this.#room = SLICE;
    // Not before the flush is over: then the renderer knows how long it leaves the page alone.
    if (this.#given < this.#text.length) queueMicrotask(() => this.#give());
    else if (this.#lags) queueMicrotask(() => this.#finish());
  }

  /** The element leaves the page; nobody has to wait for its text. */
  close(): void {
    this.#setLag(false);
  }

  #extend(text: string): void {
    this.#text = text;
    this.#give();
  }

  #replace(text: string): void {
    this.#text = text;
    this.#given = text.length;
    this.#renderer.set(text);
  }

  #give(): void {
    const slice = this.#text.slice(this.#given, this.#given + this.#room);
    if (slice === "") return;
    this.#given += slice.length;
    this.#room -= slice.length;
    this.#renderer.append(slice);
  }

  #finish(): void {
    this.#setLag(false);
    this.#renderer.finish();
  }

  #setLag(lags: boolean): void {
    if (lags === this.#lags) return;
    this.#lags = lags;
    this.#lag(lags);
  }
}
