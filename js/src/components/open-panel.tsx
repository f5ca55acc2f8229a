// Opens what is not part of the widget's bundle: panels and dialogs that are loaded when the first
// of them is wanted. See `panels.mjs` for how they share this bundle's Preact.

import runtime from "pgw:runtime";
import { signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Message } from "../model.ts";
import { focusedBeside } from "./focus.ts";
import { Icon } from "./icons.tsx";
import type * as Panels from "./panels/index.ts";
import type { PromptVersion } from "./prompt-versions.ts";
import { useView, type View } from "./view.ts";

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

/** Opens or closes the parameters; the button that opens them gets the focus back. */
export async function toggleParameters(view: View): Promise<void> {
  const opens = !view.parameters.value;
  if (opens && (!view.writable.value || !(await load(view, () => void toggleParameters(view))))) {
    return;
  }
  if (opens && !view.docked.value) view.drawer.value = false;
  view.parameters.value = opens;
  if (!opens) inSight(view, ".pgw-parameters-button").focus();
}

/** Where the parameters are while they are open. */
export function ParametersSlot(): JSX.Element | null {
  const view = useView();
  const Panel = panels.value?.ParametersPanel;
  if (!Panel || !view.parameters.value) return null;
  return <Panel key={view.open.value} close={() => void toggleParameters(view)} />;
}

/** Shows a comparison in place of the messages, or the messages again. */
export async function showCompare(view: View, on = true): Promise<void> {
  if (on && (!view.writable.value || !(await load(view, () => void showCompare(view))))) return;
  view.comparing.value = on;
}

/** Puts two versions of the system prompt side by side, ready to be run. */
export async function runSideBySide(
  view: View,
  from: PromptVersion,
  to: PromptVersion,
): Promise<void> {
  const loaded = await load(view, () => void runSideBySide(view, from, to));
  if (!loaded) return;
  await loaded.putSideBySide(view, from, to);
  await showCompare(view);
}

/** Adds a variant that asks as an answer was asked. */
export async function promoteToColumn(view: View, message: string): Promise<void> {
  const loaded = await load(view, () => void promoteToColumn(view, message));
  if (await loaded?.promote(view, message)) await showCompare(view);
}

/** The comparisons that were made, once somebody wants to see them. */
export function ComparisonsSection(): JSX.Element {
  const view = useView();
  const open = useSignal(false);
  const List = panels.value?.ComparisonsList;
  const toggle = async () => {
    if (open.value || (await load(view, () => void toggle()))) open.value = !open.value;
  };
  return (
    <section class="pgw-comparisons" aria-label="Comparisons">
      <button type="button" aria-expanded={open.value} onClick={() => void toggle()}>
        <Icon name={open.value ? "down" : "right"} small />
        Comparisons
      </button>
      {open.value && List && <List />}
    </section>
  );
}

/** The comparison that is shown. */
export function CompareSlot(): JSX.Element | null {
  const view = useView();
  const Compare = panels.value?.CompareView;
  return Compare ? <Compare key={view.open.value} /> : null;
}

/** Shows the code that asks for what an answer was asked with. */
export async function openCode(view: View, opener: HTMLElement, message: string): Promise<void> {
  const loaded = await load(view, () => void openCode(view, opener, message));
  if (loaded) view.openDialog(opener, () => <loaded.CodeDialog view={view} message={message} />);
}

/** Shows what was sent for an answer, and what came. */
export async function openWire(view: View, opener: HTMLElement, message: string): Promise<void> {
  const loaded = await load(view, () => void openWire(view, opener, message));
  if (loaded) view.openDialog(opener, () => <loaded.WireDialog view={view} message={message} />);
}

/** Shows what changed from one version of the system prompt to another. */
export async function openVersions(
  view: View,
  opener: HTMLElement,
  from: PromptVersion,
  to: PromptVersion,
): Promise<void> {
  const loaded = await load(view, () => void openVersions(view, opener, from, to));
  if (!loaded) return;
  view.openDialog(opener, () => (
    <loaded.VersionsDialog view={view} from={from.number} to={to.number} />
  ));
}

/**
 * Asks for a key, or for another server.
 *
 * @param name the connection that gets a key; `null` for a server that is not known yet
 * @param then what to do once it is connected
 */
export async function openKeyDialog(
  view: View,
  opener: HTMLElement,
  name: string | null,
  then?: () => void,
): Promise<void> {
  const loaded = await load(view, () => void openKeyDialog(view, opener, name, then));
  if (loaded)
    view.openDialog(opener, () => <loaded.KeyDialog view={view} name={name} then={then} />);
}

/** Lists the models, as the service has them now. */
export async function openModels(view: View, opener: HTMLElement): Promise<void> {
  void view.ask({ type: "models" });
  const loaded = await load(view, () => void openModels(view, opener));
  if (loaded) view.openMenu(opener, "end", () => <loaded.ModelPicker />);
}

/** Shows the list of keys; the focus returns to where it was. */
export async function openHelp(view: View): Promise<void> {
  const at = focusedBeside(view.host.root);
  const opener = at instanceof HTMLElement ? at : view.host.root;
  const loaded = await load(view, () => void openHelp(view));
  if (loaded) view.openDialog(opener, () => <loaded.HelpDialog view={view} />);
}

/** Shows an answer as tokens with their probabilities, or as it is rendered. */
export async function toggleTokens(view: View, message: string): Promise<void> {
  const shown = new Set(view.asTokens.value);
  if (!shown.delete(message)) {
    if (!(await load(view, () => void toggleTokens(view, message)))) return;
    shown.add(message);
  }
  view.asTokens.value = shown;
}

/** An answer as tokens with their probabilities. */
export function Tokens({ message }: { message: Message }): JSX.Element | null {
  const View = panels.value?.TokensView;
  return View ? <View message={message} /> : null;
}

function inSight({ host: { root } }: View, button: string): HTMLElement {
  const all = [...root.querySelectorAll<HTMLElement>(`${button}, .pgw-overflow`)];
  return all.find((each) => each.offsetWidth > 0) ?? all[0] ?? root;
}
