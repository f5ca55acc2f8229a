import { createIcon } from "./icons.ts";
import { imageHost, withAddress } from "./links.ts";
import type { Patcher } from "./patcher.ts";

export interface ImageSource {
  src: string;
  /** What it shows, in words; may be empty. */
  alt: string;
  title: string;
}

const sources = new WeakMap<Element, ImageSource>();

/** Images of one text. Loading one tells its host who reads, so each waits for a click. */
export class Images {
  /** The addresses that were clicked; they stay shown when the text around them is built again. */
  readonly #shown = new Set<string>();

  /** Adds an image. Inside a link it can't be a button, so there it is only named. */
  add(patcher: Patcher, document: Document, source: ImageSource, inLink: boolean): void {
    const { src, title } = source;
    const host = imageHost(src);
    if (host === undefined || inLink) {
      patcher.open("span", { class: "pgw-img", title: withAddress(title, src) });
      patcher.text(nameOf(source));
      patcher.close();
      return;
    }
    patcher.leaf(`image ${JSON.stringify(source)}`, () => {
      const holder = document.createElement("span");
      holder.className = "pgw-img";
      sources.set(holder, source);
      holder.append(
        this.#shown.has(src) ? createImage(document, source) : createButton(document, source, host),
      );
      return holder;
    });
  }

  /** Shows the image that `button` stands for. */
  show(button: Element): void {
    const holder = button.parentElement;
    const source = holder === null ? undefined : sources.get(holder);
    if (holder === null || source === undefined) return;
    this.#shown.add(source.src);
    holder.replaceChildren(createImage(holder.ownerDocument, source));
  }
}

function createImage(document: Document, { src, alt, title }: ImageSource): HTMLImageElement {
  const image = document.createElement("img");
  image.alt = alt;
  if (title !== "") image.title = title;
  image.referrerPolicy = "no-referrer";
  image.decoding = "async";
  image.src = src;
  return image;
}

function createButton(document: Document, source: ImageSource, host: string): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "pgw-btn pgw-btn--s pgw-btn--line pgw-img__load";
  button.title = `Load the image from ${host}`;
  const name = document.createElement("span");
  name.textContent = nameOf(source);
  const from = document.createElement("span");
  from.className = "pgw-muted";
  from.textContent = host;
  button.append(createIcon(document, "image"), name, from);
  return button;
}

function nameOf({ alt }: ImageSource): string {
  return alt === "" ? "image" : alt;
}
