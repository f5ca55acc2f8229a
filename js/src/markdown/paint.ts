import { type Kind, kinds, type Span } from "./kinds.ts";

/** Colours text that no longer changes, and takes the colours off again. */
export interface Paint {
  remove(): void;
}

/**
 * Shows spans of a text node in their colours: by the CSS Custom Highlight API, which adds no
 * element, or else with an element for each span.
 */
export function paint(text: Text, spans: readonly Span[]): Paint {
  const view = text.ownerDocument.defaultView;
  const registry = view?.CSS?.highlights;
  if (view === null || registry === undefined) return paintWithElements(text, spans);
  const ranges = spans.map(({ start, end, kind }) => {
    const range = new view.StaticRange({
      startContainer: text,
      startOffset: start,
      endContainer: text,
      endOffset: end,
    });
    const highlight = highlightOf(registry, kind, view);
    highlight.add(range);
    return { highlight, range };
  });
  return {
    remove() {
      for (const { highlight, range } of ranges) highlight.delete(range);
    },
  };
}

/** One highlight for each colour serves the whole document, whoever registered it first. */
function highlightOf(
  registry: HighlightRegistry,
  kind: Kind,
  view: Window & typeof globalThis,
): Highlight {
  const name = `pgw-${kind}`;
  const existing = registry.get(name);
  if (existing !== undefined) return existing;
  const created = new view.Highlight();
  registry.set(name, created);
  return created;
}

function paintWithElements(text: Text, spans: readonly Span[]): Paint {
  const parent = text.parentElement;
  if (parent === null || spans.length === 0) return { remove() {} };
  const { ownerDocument: document, data } = text;
  const nodes: Array<Text | HTMLElement> = [];
  let at = 0;
  const plain = (end: number) => {
    if (end > at) nodes.push(document.createTextNode(data.slice(at, end)));
  };
  for (const { start, end, kind } of spans) {
    plain(start);
    const element = document.createElement("span");
    element.className = `pgw-${kind}`;
    element.append(data.slice(start, end));
    nodes.push(element);
    at = end;
  }
  plain(data.length);
  text.replaceWith(...nodes);
  return {
    remove() {
      nodes[0]?.before(text);
      for (const node of nodes) node.remove();
    },
  };
}

/** The class names that `paint` may give, for those who check what is in the page. */
export const paintClasses: readonly string[] = kinds.map((kind) => `pgw-${kind}`);
