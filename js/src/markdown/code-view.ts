import { createIcon } from "./icons.ts";
import { whenIdle } from "./idle.ts";
import type { Highlighter, Open, Span } from "./kinds.ts";
import { languageOf } from "./languages.ts";
import { type IsVariable, isMarked, markVariables } from "./marks.ts";
import { type Paint, paint } from "./paint.ts";

/** Lines in one chunk: layout stays cheap when only the last of many blocks changes. */
const linesPerChunk = 64;

interface Chunk {
  element: HTMLElement;
  /** All of its text, which is not in the page while its variables are marked. */
  text: Text;
  /** What is in the page. */
  shown: readonly Text[];
  lines: number;
  paints: readonly Paint[] | undefined;
}

export interface CodeOptions {
  /** Whether there is a button that inserts the code as a cell. */
  insertable: boolean;
  /** Whether a bar above the code names its language and has buttons; it has one if not told. */
  bar?: boolean;
  /** Asked for at the first chunk that closes; until it is there, and without it, code is plain. */
  loadHighlighter?: (() => Promise<Highlighter>) | undefined;
  /** Without it no variable is marked. */
  isVariable?: IsVariable | undefined;
}

const views = new WeakMap<Element, CodeView>();

/** A code block: its bar, and code that grows at the end and takes its colours as chunks close. */
export class CodeView {
  readonly element: HTMLElement;
  readonly language: string;
  readonly #code: HTMLElement;
  readonly #life = new AbortController();
  readonly #chunks: Chunk[] = [];
  #closed = false;
  /** How many chunks have their colours, and what the last of them left open. */
  #painted = 0;
  #open: Open[] = [];
  readonly #load: CodeOptions["loadHighlighter"];
  readonly #isVariable: CodeOptions["isVariable"];

  constructor(document: Document, language: string, options: CodeOptions) {
    this.language = language;
    this.#load = options.loadHighlighter;
    this.#isVariable = options.isVariable;
    this.element = document.createElement("div");
    this.element.className = "pgw-code";
    this.#code = document.createElement("code");
    const pre = document.createElement("pre");
    pre.tabIndex = 0;
    pre.append(this.#code);
    if (options.bar ?? true) this.element.append(createBar(document, language, options.insertable));
    this.element.append(pre);
    views.set(this.element, this);
  }

  /** The view that `element` belongs to, which may be its element or anything inside. */
  static of(element: Element): CodeView | undefined {
    const block = element.closest(".pgw-code");
    return block === null ? undefined : views.get(block);
  }

  get text(): string {
    return this.#chunks.map((chunk) => chunk.text.data).join("");
  }

  /** The element that ends with the last character. */
  get end(): Element {
    return this.#chunks.at(-1)?.element ?? this.#code;
  }

  set(text: string): void {
    const old = this.text;
    if (text === old) return;
    if (text.startsWith(old)) {
      this.append(text.slice(old.length));
    } else {
      this.#clear();
      this.append(text);
    }
  }

  append(text: string): void {
    if (text === "") return;
    this.#reopen();
    for (let at = 0; at < text.length; ) {
      let chunk = this.#chunks.at(-1);
      if (chunk === undefined || chunk.lines === linesPerChunk) chunk = this.#addChunk();
      let end = at;
      while (end < text.length && chunk.lines < linesPerChunk) {
        const newline = text.indexOf("\n", end);
        end = newline < 0 ? text.length : newline + 1;
        if (newline >= 0) chunk.lines++;
      }
      chunk.text.appendData(text.slice(at, end));
      if (chunk.lines === linesPerChunk) this.#finish(chunk);
      at = end;
    }
  }

  /** Nothing more is expected: the last chunk gets its marks and colours too. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const last = this.#chunks.at(-1);
    if (last !== undefined && last.lines < linesPerChunk) this.#finish(last);
    else this.#paintSoon();
  }

  /** Takes the colours away, which belong to the document, and stops what waits. */
  dispose(): void {
    this.#life.abort();
    for (const chunk of this.#chunks) unpaint(chunk);
  }

  /** Says on the copy button, for a moment, that the code was copied. */
  showCopied(button: Element): void {
    if (this.#life.signal.aborted) return;
    const document = this.element.ownerDocument;
    const name = (label: string) => {
      button.setAttribute("aria-label", label);
      button.setAttribute("title", label);
    };
    button.replaceChildren(createIcon(document, "check"));
    name("Copied");
    const timer = setTimeout(() => {
      button.replaceChildren(createIcon(document, "copy"));
      name(copyLabel);
    }, 2000);
    this.#life.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  }

  #addChunk(): Chunk {
    const document = this.element.ownerDocument;
    const element = document.createElement("span");
    element.className = "pgw-code__chunk";
    const text = document.createTextNode("");
    element.append(text);
    this.#code.append(element);
    const chunk: Chunk = { element, text, shown: [text], lines: 0, paints: undefined };
    this.#chunks.push(chunk);
    return chunk;
  }

  #clear(): void {
    for (const chunk of this.#chunks) unpaint(chunk);
    this.#chunks.length = 0;
    this.#code.replaceChildren();
    this.#painted = 0;
    this.#open = [];
  }

  #reopen(): void {
    this.#closed = false;
    const last = this.#chunks.at(-1);
    if (last === undefined || last.lines === linesPerChunk) return;
    if (last.paints !== undefined) {
      unpaint(last);
      this.#painted = this.#chunks.length - 1;
    }
    if (last.shown[0] === last.text) return;
    last.element.replaceChildren(last.text);
    last.shown = [last.text];
  }

  /** A chunk that does not grow any more. */
  #finish(chunk: Chunk): void {
    if (this.#isVariable) chunk.shown = markVariables(chunk.text, this.#isVariable);
    this.#paintSoon();
  }

  #paintSoon(): void {
    const view = this.element.ownerDocument.defaultView;
    const load = this.#load;
    if (view === null || !load || languageOf(this.language) === undefined) return;
    const { signal } = this.#life;
    load().then(
      (highlight) => whenIdle(view, signal, () => this.#paintNext(highlight)),
      () => {
        // The code stays plain; the next chunk asks again.
      },
    );
  }

  /** One chunk for each time that it was asked for, in order, as each needs the state before it. */
  #paintNext(highlight: Highlighter): void {
    const chunk = this.#chunks[this.#painted];
    if (chunk === undefined) return;
    if (chunk.lines < linesPerChunk && !this.#closed) return;
    const { spans, open } = highlight(
      chunk.text.data,
      this.language,
      this.#open[this.#painted - 1],
    );
    chunk.paints = paintAll(chunk.shown, spans);
    this.#open[this.#painted] = open;
    this.#painted++;
  }
}

function unpaint(chunk: Chunk): void {
  for (const each of chunk.paints ?? []) each.remove();
  chunk.paints = undefined;
}

/** Colours texts that follow each other, but for what is marked already. */
function paintAll(texts: readonly Text[], spans: readonly Span[]): readonly Paint[] {
  let from = 0;
  return texts.flatMap((text) => {
    const start = from;
    from += text.length;
    if (isMarked(text)) return [];
    const own = spans.flatMap((span) => {
      const at = {
        start: Math.max(0, span.start - start),
        end: Math.min(text.length, span.end - start),
      };
      return at.start < at.end ? [{ ...span, ...at }] : [];
    });
    return [paint(text, own)];
  });
}

const copyLabel = "Copy code";

function createBar(document: Document, language: string, insertable: boolean): HTMLElement {
  const bar = document.createElement("div");
  bar.className = "pgw-code__bar";
  const label = document.createElement("span");
  label.textContent = languageOf(language)?.label ?? (language === "" ? "Text" : language);
  const spacer = document.createElement("span");
  spacer.className = "pgw-spacer";
  bar.append(label, spacer);
  if (insertable) {
    const insert = createButton(document, "pgw-btn pgw-btn--s pgw-btn--quiet pgw-code__insert");
    insert.append(createIcon(document, "cell"), "Insert as cell");
    bar.append(insert);
  }
  const copy = createButton(document, "pgw-ib pgw-ib--s pgw-code__copy");
  copy.setAttribute("aria-label", copyLabel);
  copy.title = copyLabel;
  copy.append(createIcon(document, "copy"));
  bar.append(copy);
  return bar;
}

function createButton(document: Document, classes: string): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = classes;
  return button;
}
