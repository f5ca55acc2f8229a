/**
 * Builds nodes where they belong, one call per node in document order, and keeps what is there
 * already when it is the same: a selection, a scroll position or an opened image survives the next
 * piece of text, and the browser lays out only what changed.
 */

/** How each node that we made was asked for; what has no entry is never reused. */
const keys = new WeakMap<Node, string>();

export type Attributes = Readonly<Record<string, string>>;

export class Patcher {
  readonly #document: Document;
  readonly #discarded: (element: Element) => void;
  readonly #above: Array<{ parent: Element; next: ChildNode | null }> = [];
  #parent: Element;
  #next: ChildNode | null;
  #text = "";

  /** Starts at the child of `root` that follows its first `skip`. */
  constructor(root: Element, skip: number, discarded: (element: Element) => void) {
    this.#document = root.ownerDocument;
    this.#discarded = discarded;
    this.#parent = root;
    this.#next = root.childNodes[skip] ?? null;
  }

  open(tag: string, attributes: Attributes = {}): void {
    const key = `${tag} ${JSON.stringify(attributes)}`;
    const element = this.#place(key, () => {
      const created = this.#document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, value);
      return created;
    });
    this.#above.push({ parent: this.#parent, next: this.#next });
    this.#parent = element;
    this.#next = element.firstChild;
  }

  close(): void {
    this.#flushText();
    this.#removeRest();
    const above = this.#above.pop();
    if (above === undefined) throw new Error("close without open");
    this.#parent = above.parent;
    this.#next = above.next;
  }

  /** An element with nothing in it. */
  empty(tag: string, attributes?: Attributes): void {
    this.open(tag, attributes);
    this.close();
  }

  /** An element that looks after its own content; `key` says which one it is. */
  leaf(key: string, create: () => Element): Element {
    return this.#place(`leaf ${key}`, create);
  }

  /** Neighbouring pieces of text become one node. */
  text(data: string): void {
    this.#text += data;
  }

  /** Removes what is left of the old content. */
  end(): void {
    if (this.#above.length > 0) throw new Error("end before the last close");
    this.#flushText();
    this.#removeRest();
  }

  #place(key: string, create: () => Element): Element {
    this.#flushText();
    if (this.#next !== null && keys.get(this.#next) !== key) {
      const after = this.#next.nextSibling;
      if (after !== null && keys.get(after) === key) this.#remove(this.#next);
    }
    if (this.#next !== null && keys.get(this.#next) === key) {
      const element = this.#next as Element;
      this.#next = element.nextSibling;
      return element;
    }
    const element = create();
    keys.set(element, key);
    this.#parent.insertBefore(element, this.#next);
    return element;
  }

  #flushText(): void {
    const data = this.#text;
    if (data === "") return;
    this.#text = "";
    if (this.#next?.nodeType === 3 /* text */) {
      const node = this.#next as Text;
      if (node.data !== data) {
        if (data.startsWith(node.data)) node.appendData(data.slice(node.data.length));
        else node.data = data;
      }
      this.#next = node.nextSibling;
    } else {
      this.#parent.insertBefore(this.#document.createTextNode(data), this.#next);
    }
  }

  #removeRest(): void {
    while (this.#next !== null) this.#remove(this.#next);
  }

  #remove(node: ChildNode): void {
    this.#next = node.nextSibling;
    node.remove();
    if (node.nodeType === 1 /* element */) this.#discarded(node as Element);
  }
}
