// Opens what is not part of the widget's bundle: panels and dialogs that are loaded when the first
// of them is wanted. See `panels.mjs` for how they share this bundle's Preact.

import runtime from "pgw:runtime";
import { signal } from "@preact/signals";
import type * as Panels from "./panels/index.ts";
import type { View } from "./view.ts";

interface PanelsModule {
  readonly default: (shared: typeof runtime) => typeof Panels;
}

/** Of this bundle's copy of Preact; undefined until they were wanted and have come. */
export const panels = signal<typeof Panels | undefined>(undefined);

let loading: Promise<typeof Panels> | undefined;

/** The panels, or undefined where they did not come, which a toast says: it can be tried again. */
async function load(view: View, again: () => void): Promise<typeof Panels | undefined> {
  try {
    loading ??= view.store
      .module("panels")
      .then((module) => (module as PanelsModule).default(runtime));
    const loaded = await loading;
    dress(view.host.root, loaded.styles);
    panels.value = loaded;
    return loaded;
  } catch (error) {
    loading = undefined;
    console.warn("playground_widget: a part of the playground could not be loaded.", error);
    const text = "This part of the playground could not be loaded";
    view.toast.value = { text, action: { label: "Try again", run: again } };
    return undefined;
  }
}

const dressed = new WeakSet<Node>();

/** Gives the panels' style sheet to the page, or to the shadow root that the view is in. */
function dress(place: HTMLElement, styles: string): void {
  const root = place.getRootNode() as Document | ShadowRoot;
  const window = place.ownerDocument.defaultView;
  if (dressed.has(root) || !window || styles === "") return;
  dressed.add(root);
  const sheet = new window.CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets.push(sheet);
}

/** Opens at the button that is in sight: its own, or the menu that stands in for it. */
export async function openExport(view: View): Promise<void> {
  if (!view.live.value) return;
  const opener = inSight(view, ".pgw-export-button");
  const loaded = await load(view, () => void openExport(view));
  if (loaded) view.openDialog(opener, () => <loaded.ExportDialog view={view} />);
}

function inSight({ host: { root } }: View, button: string): HTMLElement {
  const all = [...root.querySelectorAll<HTMLElement>(`${button}, .pgw-overflow`)];
  return all.find((each) => each.offsetWidth > 0) ?? all[0] ?? root;
}
