// A JSON text as a tree of the page's elements, which grows as the text does.
//
// It is a module of its own and knows nothing of the components: text goes in, nodes come out.
// All of it is text nodes; nothing that a model writes is markup.

import { JsonReader, type Kind, type Sink } from "./reader.ts";

/** Deeper than this nothing is drawn: a page can't lay out a tree of any depth. */
const DEEPEST = 48;
/** UTF-16 units in one text node: adding to a long one costs its length. */
const LONGEST = 2048;
/** UTF-16 units at the end of what is known that are compared with what comes. */
const SEAM = 64;

interface Branch {
  readonly kind: Kind;
  readonly kids: HTMLElement;
  readonly size: HTMLElement;
  count: number;
}

/** A text as it grows, drawn into an element. */
export class JsonTree {
  readonly #place: HTMLElement;
  #known = "";
  #drawing: Drawing;
  #reader: JsonReader;

  constructor(place: HTMLElement) {
    this.#place = place;
    [this.#drawing, this.#reader] = this.#start();
  }

  /** The text so far. It only ever grows, except when a snapshot has corrected it. */
  grow(text: string): void {
    // Its end is compared and not all of it: a delta costs the same however long the text is.
    const { length } = this.#known;
    const from = Math.max(0, length - SEAM);
    if (text.slice(from, length) !== this.#known.slice(from)) this.#restart();
    this.#read(text);
  }

  /** This is the whole text. */
  end(text: string): void {
    if (!text.startsWith(this.#known)) this.#restart();
    this.#read(text);
    this.#drawing.end(this.#reader.end());
  }

  #read(text: string): void {
    this.#reader.feed(text.slice(this.#known.length));
    this.#known = text;
  }

  #restart(): void {
    this.#known = "";
    [this.#drawing, this.#reader] = this.#start();
  }

  #start(): [Drawing, JsonReader] {
    this.#place.replaceChildren();
    const drawing = new Drawing(this.#place);
    return [drawing, new JsonReader(drawing)];
  }
}

class Drawing implements Sink {
  readonly #place: HTMLElement;
  readonly #document: Document;
  readonly #branches: Branch[] = [];
  /** How many levels are open below those that are drawn. */
  #hidden = 0;
  #text: HTMLElement | undefined;
  #rest: HTMLElement | undefined;
  #cut: HTMLElement | undefined;

  constructor(place: HTMLElement) {
    this.#place = place;
    this.#document = place.ownerDocument;
  }

  open(kind: Kind, key: string | undefined): void {
    if (this.#hidden > 0 || this.#branches.length >= DEEPEST) {
      if (this.#hidden++ === 0) this.#leaf(key, "more", kind === "object" ? "{…}" : "[…]");
      return;
    }
    const branch = this.#make("details", "pgw-tree__branch");
    branch.open = true;
    const head = this.#make("summary");
    this.#name(head, key);
    const size = this.#make("span", "pgw-tree__size");
    head.append(size);
    const kids = this.#make("div", "pgw-tree__kids");
    branch.append(head, kids);
    this.#add(branch);
    this.#branches.push({ kind, kids, size, count: 0 });
    this.#count(0);
  }

  close(): void {
    if (this.#hidden > 0) this.#hidden--;
    else this.#branches.pop();
  }

  string(key: string | undefined): void {
    this.#text = this.#hidden > 0 ? undefined : this.#leaf(key, "string", "");
  }

  text(piece: string): void {
    if (this.#text) this.#append(this.#text, piece);
  }

  scalar(text: string, key: string | undefined): void {
    if (this.#hidden > 0) return;
    this.#leaf(key, /^[-\d]/.test(text) ? "number" : "word", text);
  }

  broken(rest: string): void {
    if (rest === "") return;
    this.#cut?.remove();
    if (!this.#rest) {
      this.#rest = this.#make("pre", "pgw-tree__rest");
      this.#place.append(this.#rest);
    }
    this.#append(this.#rest, rest);
  }

  /** Nothing more comes. */
  end(whole: boolean): void {
    if (whole || this.#rest || this.#cut) return;
    this.#cut = this.#make("p", "pgw-muted");
    this.#cut.textContent = "It ends here, before its end.";
    this.#place.append(this.#cut);
  }

  #leaf(key: string | undefined, kind: string, text: string): HTMLElement {
    const leaf = this.#make("div", "pgw-tree__leaf");
    this.#name(leaf, key);
    const value = this.#make("span", `pgw-tree__${kind}`);
    value.append(text);
    leaf.append(value);
    this.#add(leaf);
    return value;
  }

  #name(place: HTMLElement, key: string | undefined): void {
    const branch = this.#branches.at(-1);
    if (!branch) return;
    const name = this.#make("span", "pgw-tree__key");
    name.textContent = key ?? String(branch.count);
    place.append(name, " ");
  }

  #add(element: HTMLElement): void {
    const branch = this.#branches.at(-1);
    (branch?.kids ?? this.#place).append(element);
    if (branch) this.#count(++branch.count);
  }

  #count(count: number): void {
    const branch = this.#branches.at(-1);
    if (!branch) return;
    const noun = branch.kind === "object" ? "field" : "item";
    branch.size.textContent = `${count} ${noun}${count === 1 ? "" : "s"}`;
  }

  #append(place: HTMLElement, piece: string): void {
    const last = place.lastChild;
    // Both halves of a pair stay in one node: a lone one is drawn as a box.
    if (isText(last) && (last.length < LONGEST || /[\ud800-\udbff]$/.test(last.data))) {
      last.appendData(piece);
    } else {
      place.append(piece);
    }
  }

  #make<K extends keyof HTMLElementTagNameMap>(tag: K, name?: string): HTMLElementTagNameMap[K] {
    const made = this.#document.createElement(tag);
    if (name) made.className = name;
    return made;
  }
}

function isText(node: ChildNode | null): node is Text {
  return node?.nodeType === 3;
}
