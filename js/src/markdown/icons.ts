import { ICONS } from "../icons.ts";

const namespace = "http://www.w3.org/2000/svg";

export type Icon = "copy" | "cell" | "check" | "image";

export function createIcon(document: Document, icon: Icon): SVGSVGElement {
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("class", icon === "cell" ? "pgw-i pgw-i--s" : "pgw-i");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(namespace, "path");
  path.setAttribute("d", ICONS[icon]);
  svg.append(path);
  return svg;
}
