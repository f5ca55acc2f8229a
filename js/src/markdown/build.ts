import type MarkdownIt from "markdown-it";
import type Token from "markdown-it/lib/token.mjs";
import { pieces } from "../variables.ts";
import { CodeView } from "./code-view.ts";
import { Images } from "./images.ts";
import type { Highlighter } from "./kinds.ts";
import { isSafeLink, withAddress } from "./links.ts";
import { type MathRenderer, MathViews } from "./math-view.ts";
import { Patcher } from "./patcher.ts";

export interface BuildOptions {
  /** Whether code that can run gets a button that inserts it. */
  insertable: boolean;
  loadMath: (() => Promise<MathRenderer>) | undefined;
  loadHighlighter: (() => Promise<Highlighter>) | undefined;
  /** Which names in braces are those of variables; without it none is. */
  isVariable?: ((name: string) => boolean) | undefined;
  signal: AbortSignal;
}

/** Blocks and inline elements that are what markdown-it says, with no attribute of its choice. */
const plainTags = new Set(
  "p h1 h2 h3 h4 h5 h6 ul blockquote thead tbody tr em strong s".split(" "),
);

/**
 * Makes nodes from markdown-it's tokens: each element and attribute is named here, and everything
 * else from the text is text.
 */
export class Builder {
  readonly images = new Images();
  readonly #md: MarkdownIt;
  readonly #options: BuildOptions;
  readonly #maths: MathViews;
  readonly #codes = new Set<CodeView>();

  constructor(md: MarkdownIt, options: BuildOptions) {
    this.#md = md;
    this.#options = options;
    this.#maths = new MathViews(options.loadMath, options.signal);
    options.signal.addEventListener("abort", () => {
      for (const code of this.#codes) code.dispose();
    });
  }

  /** Makes the children of `parent` after its first `kept` be what `tokens` say. */
  blocks(parent: Element, kept: number, tokens: readonly Token[]): void {
    const patcher = this.#patcher(parent, kept);
    tokens.forEach((token, index) => {
      const isParagraph = tokens[index + 1]?.type === "paragraph_open";
      this.#block(
        patcher,
        parent.ownerDocument,
        token,
        isParagraph ? tokens[index + 2] : undefined,
      );
    });
    patcher.end();
  }

  /** The same for the inline content of `parent`. */
  inline(parent: Element, kept: number, tokens: readonly Token[]): void {
    const patcher = this.#patcher(parent, kept);
    this.#inline(patcher, parent.ownerDocument, tokens);
    patcher.end();
  }

  #patcher(parent: Element, kept: number): Patcher {
    return new Patcher(parent, kept, (discarded) => {
      for (const code of this.#codes) {
        if (!discarded.contains(code.element)) continue;
        code.dispose();
        this.#codes.delete(code);
      }
    });
  }

  /** `content` is the text of the paragraph that follows at once, as one does in most list items. */
  #block(patcher: Patcher, document: Document, token: Token, content: Token | undefined): void {
    if (token.hidden) return;
    if (plainTags.has(token.tag)) {
      if (token.nesting > 0) patcher.open(token.tag);
      else patcher.close();
      return;
    }
    switch (token.type) {
      case "inline":
        this.#inline(patcher, document, token.children ?? []);
        break;
      case "hr":
        patcher.empty("hr");
        break;
      case "fence":
      case "code_block":
        this.#code(patcher, document, token);
        break;
      case "html_block":
        patcher.open("div", { class: "pgw-html" });
        patcher.text(token.content);
        patcher.close();
        break;
      case "math_block":
        this.#mathBlock(patcher, document, token);
        break;
      case "ordered_list_open": {
        const start = token.attrGet("start");
        patcher.open("ol", start === null ? {} : { start: String(start) });
        break;
      }
      case "list_item_open":
        this.#listItem(patcher, content);
        break;
      case "table_open":
        // A wide table scrolls, so the keyboard must be able to reach it.
        patcher.open("div", {
          class: "pgw-tablewrap",
          tabindex: "0",
          role: "group",
          "aria-label": "Table",
        });
        patcher.open("table", { class: "pgw-table" });
        break;
      case "table_close":
        patcher.close();
        patcher.close();
        break;
      case "th_open":
      case "td_open":
        patcher.open(token.tag, alignment(token));
        break;
      case "ordered_list_close":
      case "list_item_close":
      case "th_close":
      case "td_close":
        patcher.close();
        break;
      default:
        throw new Error(`no way to show a ${token.type}`);
    }
  }

  #inline(patcher: Patcher, document: Document, tokens: readonly Token[]): void {
    let links = 0;
    for (const token of tokens) {
      switch (token.type) {
        case "text":
          this.#text(patcher, token.content, links === 0);
          break;
        case "softbreak":
          patcher.text("\n");
          break;
        case "hardbreak":
          patcher.empty("br");
          patcher.text("\n");
          break;
        case "code_inline":
          patcher.open("code");
          this.#text(patcher, token.content, links === 0);
          patcher.close();
          break;
        case "html_inline":
          patcher.open("span", { class: "pgw-html" });
          patcher.text(token.content);
          patcher.close();
          break;
        case "math_inline": {
          const { content, meta } = token;
          patcher.leaf(`math ${meta} ${content}`, () =>
            this.#maths.create(document, "span", content, meta === "display"),
          );
          break;
        }
        case "link_open":
          links++;
          openLink(patcher, token);
          break;
        case "link_close":
          links--;
          patcher.close();
          break;
        case "image":
          this.images.add(
            patcher,
            document,
            {
              src: attribute(token, "src"),
              alt: plainText(token.children ?? []),
              title: attribute(token, "title"),
            },
            links > 0,
          );
          break;
        default:
          if (!plainTags.has(token.tag)) throw new Error(`no way to show a ${token.type}`);
          if (token.nesting > 0) patcher.open(token.tag);
          else patcher.close();
      }
    }
  }

  /** Text, with its variables marked unless something else can be pressed there already. */
  #text(patcher: Patcher, text: string, markable: boolean): void {
    const { isVariable } = this.#options;
    if (!isVariable || !markable) {
      patcher.text(text);
      return;
    }
    for (const { text: words, name } of pieces(text)) {
      if (name === undefined || !isVariable(name)) {
        patcher.text(words);
        continue;
      }
      patcher.open("button", { type: "button", class: "pgw-var", "data-name": name });
      patcher.text(words);
      patcher.close();
    }
  }

  #code(patcher: Patcher, document: Document, token: Token): void {
    const info = this.#md.utils.unescapeAll(token.info).trim();
    const language = info.split(/\s+/, 1)[0] ?? "";
    const element = patcher.leaf(`code ${language}`, () => {
      const view = new CodeView(document, language, this.#options);
      this.#codes.add(view);
      return view.element;
    });
    CodeView.of(element)?.set(token.content);
  }

  #mathBlock(patcher: Patcher, document: Document, token: Token): void {
    if (token.meta === "open") {
      // Still being written: rendering each piece of it would show errors most of the time.
      patcher.open("div", { class: "pgw-math" });
      patcher.open("code");
      patcher.text(token.markup);
      patcher.close();
      patcher.close();
    } else {
      const tex = token.content;
      patcher.leaf(`math block ${tex}`, () => this.#maths.create(document, "div", tex, true));
    }
  }

  #listItem(patcher: Patcher, content: Token | undefined): void {
    const first = content?.children?.[0];
    const box = first?.type === "text" ? /^\[([ xX])\](?=\s)/.exec(first.content) : null;
    if (first === undefined || box === null) {
      patcher.open("li");
      return;
    }
    first.content = first.content.slice(box[0].length);
    const isDone = box[1] !== " ";
    patcher.open("li", { class: "pgw-task" });
    patcher.empty("input", {
      type: "checkbox",
      disabled: "",
      ...(isDone && { checked: "" }),
      "aria-label": isDone ? "Done" : "Not done",
    });
  }
}

function alignment(token: Token): Record<string, string> {
  const style = attribute(token, "style");
  if (style.endsWith("right")) return { class: "n" };
  if (style.endsWith("center")) return { class: "pgw-center" };
  return {};
}

function openLink(patcher: Patcher, token: Token): void {
  const href = attribute(token, "href");
  const title = attribute(token, "title");
  if (isSafeLink(href)) {
    patcher.open("a", {
      href,
      target: "_blank",
      rel: "noopener noreferrer nofollow",
      ...(title !== "" && { title }),
    });
  } else {
    // It leads nowhere from here.
    patcher.open("span", { class: "pgw-deadlink", title: withAddress(title, href) });
  }
}

function attribute(token: Token, name: string): string {
  return String(token.attrGet(name) ?? "");
}

/** What an image is called: its description without any markup. */
function plainText(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if (token.type === "image") return plainText(token.children ?? []);
      return token.type === "softbreak" || token.type === "hardbreak" ? "\n" : token.content;
    })
    .join("");
}
