import { Builder } from "./build.ts";
import { placeCaret } from "./caret.ts";
import { CodeView } from "./code-view.ts";
import { MarkdownDocument } from "./document.ts";
import type { Highlighter } from "./kinds.ts";
import type { MathRenderer } from "./math-view.ts";
import { Normalizer } from "./normalize.ts";
import { createParser } from "./parser.ts";
import { FrameScheduler } from "./scheduler.ts";

export interface MarkdownOptions {
  /** Copy was pressed on a code block; resolves to whether it was copied. */
  onCopy(text: string): Promise<boolean>;
  /** "Insert as cell" was pressed. Without it there is no such button. */
  onInsert?: ((code: string, language: string) => void) | undefined;
  /** Asked for at the first formula; until it is there, and without it, formulas stay source. */
  loadMath?: (() => Promise<MathRenderer>) | undefined;
  /** Asked for when code is first to have colours; until it is there, and without it, it has none. */
  loadHighlighter?: (() => Promise<Highlighter>) | undefined;
  /** Which names are those of variables: they are marked. */
  isVariable?: ((name: string) => boolean) | undefined;
  /** The mark of a variable was pressed. */
  onVariable?: ((name: string, mark: HTMLElement) => void) | undefined;
  /** The nodes have changed. */
  onFlush?: (() => void) | undefined;
  /** Ends listeners, timers and idle work, and takes the code's colours out of the document. */
  signal: AbortSignal;
}

const parser = createParser({ maths: true, autolinks: true });

/** A markdown text that grows, shown in an element that it has for itself. */
export class StreamingMarkdown {
  readonly #container: HTMLElement;
  readonly #options: MarkdownOptions;
  readonly #scheduler: FrameScheduler;
  readonly #builder: Builder;
  #document: MarkdownDocument;
  #normalizer = new Normalizer();
  #shown: string[] = [];
  #buffered: string[] = [];
  #caret: Element | undefined;

  constructor(container: HTMLElement, options: MarkdownOptions) {
    const view = container.ownerDocument.defaultView;
    if (view === null) throw new Error("markdown needs a document that is shown in a window");
    this.#container = container;
    this.#options = options;
    const { signal, loadMath, loadHighlighter, isVariable } = options;
    const insertable = options.onInsert !== undefined;
    this.#scheduler = new FrameScheduler(view, signal, () => this.#show());
    this.#builder = new Builder(parser, {
      insertable,
      loadMath,
      loadHighlighter,
      isVariable,
      signal,
    });
    this.#document = new MarkdownDocument(container, parser, this.#builder);
    container.addEventListener("click", (event) => this.#click(event), { signal });
  }

  /** All text so far, as it was given. */
  get text(): string {
    return this.#shown.join("") + this.#buffered.join("");
  }

  /** Adds text at the end. It is shown on one of the next frames. */
  append(text: string): void {
    if (text === "") return;
    this.#buffered.push(text);
    if (!this.#options.signal.aborted) this.#scheduler.request();
  }

  /** Shows a different text. Nodes that are the same in both are kept. */
  set(text: string): void {
    if (text === this.text) return;
    this.#document = new MarkdownDocument(this.#container, parser, this.#builder);
    this.#normalizer = new Normalizer();
    this.#shown = [];
    this.#buffered = [text];
    this.#scheduler.run();
  }

  /** Shows what is buffered at once. */
  flush(): void {
    if (this.#buffered.length > 0) this.#scheduler.run();
  }

  /** No more text is expected: shows all of it, exactly. More may follow all the same. */
  finish(): void {
    this.#scheduler.cancel();
    this.#change(() => {
      this.#takeBuffered();
      this.#document.append(this.#normalizer.rest());
      this.#document.settle();
    });
  }

  /** Shows or hides a caret at the end of the text. */
  setCaret(on: boolean): void {
    if (on === (this.#caret !== undefined)) return;
    if (on) {
      this.#caret = this.#container.ownerDocument.createElement("span");
      this.#caret.className = "pgw-caret";
      this.#caret.setAttribute("aria-hidden", "true");
      placeCaret(this.#caret, this.#container);
    } else {
      this.#caret?.remove();
      this.#caret = undefined;
    }
  }

  #show(): void {
    this.#change(() => this.#takeBuffered());
  }

  #takeBuffered(): void {
    const text = this.#buffered.join("");
    this.#buffered = [];
    this.#shown.push(text);
    this.#document.append(this.#normalizer.take(text));
  }

  #change(change: () => void): void {
    this.#caret?.remove();
    change();
    if (this.#caret !== undefined) placeCaret(this.#caret, this.#container);
    this.#options.onFlush?.();
  }

  #click(event: Event): void {
    const target = event.target as Element | null;
    const button = target?.closest("button") ?? null;
    if (button === null) return;
    const { name } = button.dataset;
    if (name !== undefined) this.#options.onVariable?.(name, button);
    const view = CodeView.of(button);
    if (view === undefined) {
      if (button.matches(".pgw-img__load")) this.#builder.images.show(button);
      return;
    }
    // The line end before the closing fence is no part of the code.
    const code = view.text.replace(/\n$/, "");
    if (button.matches(".pgw-code__insert")) this.#options.onInsert?.(code, view.language);
    if (button.matches(".pgw-code__copy")) void this.#copy(code, view, button);
  }

  async #copy(code: string, view: CodeView, button: Element): Promise<void> {
    if (await this.#options.onCopy(code)) view.showCopied(button);
  }
}

/** Shows a text that is complete. */
export function renderMarkdown(
  container: HTMLElement,
  text: string,
  options: MarkdownOptions,
): void {
  const markdown = new StreamingMarkdown(container, options);
  markdown.set(text);
  markdown.finish();
}
