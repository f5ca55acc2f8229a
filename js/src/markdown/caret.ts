import { CodeView } from "./code-view.ts";

/** Elements whose text goes on inside them; the caret stays outside all others. */
const entered = new Set("p h1 h2 h3 h4 h5 h6 ul ol li blockquote em strong s".split(" "));

/** Puts `caret` where the next character would appear. */
export function placeCaret(caret: Element, root: Element): void {
  endOf(root).append(caret);
}

function endOf(element: Element): Element {
  const last = element.lastChild;
  if (last === null || last.nodeType !== 1 /* element */) return element;
  const child = last as Element;
  if (child.matches(".pgw-code")) return CodeView.of(child)?.end ?? element;
  if (child.matches(".pgw-tablewrap")) return lastCell(child) ?? element;
  return entered.has(child.localName) ? endOf(child) : element;
}

/** The cell that is being written: a row is filled up with empty ones. */
function lastCell(table: Element): Element | undefined {
  const cells = [...([...table.querySelectorAll("tr")].at(-1)?.children ?? [])];
  return cells.reverse().find((cell) => cell.hasChildNodes()) ?? cells.at(-1);
}
