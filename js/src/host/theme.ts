// Light or dark, from the colour that is really behind the widget.
//
// Hosts name their themes in different ways, and some under one name show another; the colour
// behind is what text has to stand out from.

export type Theme = "light" | "dark";

interface Colour {
  readonly rgb: readonly [number, number, number];
  readonly alpha: number;
}

/** Reads a computed colour, such as `rgba(0, 0, 0, 0.5)` or `color(srgb 0 0 0 / 0.5)`. */
export function parseColour(css: string): Colour | undefined {
  const scale = css.startsWith("rgb") ? 255 : css.startsWith("color(srgb ") ? 1 : undefined;
  const numbers = css.slice(css.indexOf("(")).match(/-?[\d.]+(e-?\d+)?%?/g);
  const [r, g, b, a = "1"] = numbers ?? [];
  if (scale === undefined || r === undefined || g === undefined || b === undefined) {
    return undefined;
  }
  const alpha = a.endsWith("%") ? Number.parseFloat(a) / 100 : Number(a);
  return { rgb: [Number(r) / scale, Number(g) / scale, Number(b) / scale], alpha };
}

/** Relative luminance as WCAG 2 defines it, from 0 (black) to 1 (white). */
export function luminance([r, g, b]: Colour["rgb"]): number {
  const linear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** Above this, black text contrasts more than white. */
const MIDDLE = 0.179;

/** The theme behind an element, or undefined where nothing behind it is opaque. */
export function themeBehind(element: Element): Theme | undefined {
  const layers: Colour[] = [];
  for (let at: Element | null = element; at; at = parentOf(at)) {
    const colour = parseColour(getComputedStyle(at).backgroundColor);
    if (!colour || colour.alpha === 0) continue;
    layers.push(colour);
    if (colour.alpha === 1) return luminance(flatten(layers)) > MIDDLE ? "light" : "dark";
  }
  return undefined;
}

/** The colour seen when the first layer lies on the second and so on; the last is opaque. */
function flatten(layers: readonly Colour[]): Colour["rgb"] {
  const over = (top: Colour, below: Colour): Colour => {
    const mix = (i: 0 | 1 | 2) => top.rgb[i] * top.alpha + below.rgb[i] * (1 - top.alpha);
    return { rgb: [mix(0), mix(1), mix(2)], alpha: 1 };
  };
  return layers.reduceRight((below, top) => over(top, below)).rgb;
}

/** The parent, out of a shadow tree too. */
export function parentOf(element: Element): Element | null {
  const root = element.parentNode;
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}

/** Calls back with the theme behind an element, now and whenever it may have changed. */
export function watchTheme(
  element: Element,
  on: (theme: Theme) => void,
  signal: AbortSignal,
): void {
  const { defaultView: view, documentElement, body } = element.ownerDocument;
  if (!view || signal.aborted) return;
  const dark = view.matchMedia("(prefers-color-scheme: dark)");
  const look = () => on(themeBehind(element) ?? (dark.matches ? "dark" : "light"));

  dark.addEventListener("change", look, { signal });
  // A theme's style sheet may arrive after the attribute that names it.
  view.addEventListener("load", look, { capture: true, signal });
  const attributes = new MutationObserver(look);
  for (const watched of [documentElement, body]) {
    attributes.observe(watched, { attributes: true });
  }
  // A view is made before it is put into the page, where alone it has something behind it.
  const size = new ResizeObserver(look);
  size.observe(element);
  signal.addEventListener("abort", () => {
    attributes.disconnect();
    size.disconnect();
  });
  look();
}
