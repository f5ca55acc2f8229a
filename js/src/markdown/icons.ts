const namespace = "http://www.w3.org/2000/svg";

type Shape = [name: "path" | "rect" | "circle", attributes: Record<string, string>];

const shapes = {
  copy: [
    ["rect", { x: "5.5", y: "5.5", width: "8", height: "8", rx: "1.6" }],
    ["path", { d: "M3.6 10.5H3a1 1 0 0 1-1-1V3.5A1.5 1.5 0 0 1 3.5 2h6a1 1 0 0 1 1 1v.6" }],
  ],
  cell: [
    ["rect", { x: "2", y: "2.5", width: "12", height: "5", rx: "1.3" }],
    ["path", { d: "M8 10v4M6 12h4" }],
  ],
  check: [["path", { d: "m3.5 8.5 3 3 6-7" }]],
  image: [
    ["rect", { x: "2.2", y: "2.7", width: "11.6", height: "10.6", rx: "1.8" }],
    ["circle", { cx: "5.7", cy: "6.2", r: "1" }],
    ["path", { d: "m3 12 3.5-3.5 2 2L11 8l2.7 2.7" }],
  ],
} satisfies Record<string, Shape[]>;

export type Icon = keyof typeof shapes;

export function createIcon(document: Document, icon: Icon): SVGSVGElement {
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("class", icon === "cell" ? "pgw-i pgw-i--s" : "pgw-i");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  for (const [name, attributes] of shapes[icon]) {
    const shape = document.createElementNS(namespace, name);
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
    svg.append(shape);
  }
  return svg;
}
