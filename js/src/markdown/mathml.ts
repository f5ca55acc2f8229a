/**
 * MathML from the renderer becomes nodes by an allow-list. The renderer is trusted to be correct,
 * not to be safe: its input was written by a model.
 */

const namespace = "http://www.w3.org/1998/Math/MathML";

const elements = new Set(
  (
    "math mrow mi mo mn ms mtext mspace msup msub msubsup mfrac msqrt mroot munder mover munderover " +
    "mmultiscripts mprescripts mtable mtr mtd mstyle mpadded mphantom menclose"
  ).split(" "),
);

const attributes = new Set(
  (
    "accent accentunder columnalign columnlines columnspacing depth display displaystyle fence form " +
    "height largeop linebreak linethickness lspace mathsize mathvariant maxsize minsize " +
    "movablelimits notation rowalign rowlines rowspacing rspace scriptlevel separator stretchy " +
    "symmetric voffset width"
  ).split(" "),
);

/** Numbers with units, and words: what these attributes hold. */
const value = /^[-+.%\w ]{0,60}$/;

/**
 * The formula as nodes of `document`, or undefined when `markup` is not well-formed MathML.
 * `source` stays with it for those who copy or can't see it.
 */
export function toMathElement(
  markup: string,
  source: string,
  document: Document,
): Element | undefined {
  const view = document.defaultView;
  if (view === null) return undefined;
  const parsed = new view.DOMParser().parseFromString(markup, "application/xml");
  const root = [...parsed.getElementsByTagNameNS(namespace, "math")][0];
  if (root === undefined || parsed.getElementsByTagName("parsererror").length > 0) return undefined;
  const math = copy(root, document);
  if (math instanceof view.Element) math.setAttribute("alttext", source);
  return math as Element;
}

function copy(from: Element, document: Document): Element | DocumentFragment {
  const isAllowed = from.namespaceURI === namespace && elements.has(from.localName);
  const to = isAllowed
    ? document.createElementNS(namespace, from.localName)
    : document.createDocumentFragment();
  if ("setAttribute" in to) {
    for (const { name, value: text } of from.attributes) {
      if (attributes.has(name) && value.test(text)) to.setAttribute(name, text);
    }
  }
  for (const child of from.childNodes) {
    if (child.nodeType === 3 /* text */) to.append(child.nodeValue ?? "");
    // The TeX source is in the annotation once more.
    else if (child.nodeType === 1 /* element */ && (child as Element).localName !== "annotation") {
      to.append(copy(child as Element, document));
    }
  }
  return to;
}
