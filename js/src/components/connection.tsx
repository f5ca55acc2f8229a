// Connection | model: one pill, two menus. Shape and words carry the state, not colour alone.

import type { JSX } from "preact";
import type { Connection, Settings } from "../model.ts";
import { type Peer, RequestError, type StoreStatus } from "../store.ts";
import { plural } from "./format.ts";
import { Icon } from "./icons.tsx";
import { Menu, type MenuItem } from "./menu.tsx";
import { openKeyDialog, openModels } from "./open-panel.tsx";
import { useView, type View } from "./view.ts";

export function ConnectionPill(): JSX.Element {
  const view = useView();
  const compared = view.comparing.value ? view.store.drafts.compare.value?.variants : undefined;
  if (compared) return <VariantsPill variants={compared} view={view} />;
  return <OpenPill view={view} />;
}

/** How many there are beside each other: each says itself what it is. */
function VariantsPill({ variants, view }: PillProps & Variants): JSX.Element {
  const names = new Set(variants.map(({ connection }) => connection));
  const [first = ""] = names;
  const { connection, connections } = view.store.settings.value;
  const known = [connection, ...connections].find(({ name }) => name === first);
  return (
    <div class="pgw-conn">
      <span>
        <span class="pgw-dot" />
        <span class="pgw-conn__name">
          {names.size === 1 ? (known?.label ?? first) : plural(names.size, "connection")}
        </span>
      </span>
      <span>{plural(variants.length, "variant")}</span>
    </div>
  );
}

interface PillProps {
  readonly view: View;
}

interface Variants {
  readonly variants: readonly { readonly connection: string }[];
}

function OpenPill({ view }: PillProps): JSX.Element {
  const { settings, thread, status, peer } = view.store;
  const { word, dot } = connectionState(settings.value.connection, status.value, peer);
  const model = thread.value.model || "No model";
  const live = view.live.value;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is a box of form fields
    <div class="pgw-conn" role="group" aria-label="Connection and model">
      <button
        type="button"
        aria-label={`Connection: ${word}`}
        title={word}
        aria-haspopup="menu"
        aria-expanded="false"
        disabled={!live}
        onClick={(event) => {
          const opener = event.currentTarget;
          view.openMenu(opener, "end", () => (
            <Menu label="Connection" width={300} items={connectionItems(view, opener)} />
          ));
        }}
      >
        <span class={`pgw-dot${dot}`} />
        <span class="pgw-conn__name">{word}</span>
      </button>
      <button
        type="button"
        aria-label={`Model: ${model}`}
        title={model}
        aria-haspopup="dialog"
        aria-expanded="false"
        disabled={!live}
        onClick={(event) => void openModels(view, event.currentTarget)}
      >
        <span>{model}</span>
        <Icon name="down" small />
      </button>
    </div>
  );
}

/** What the pill says, and the shape of its dot. */
function connectionState(
  connection: Connection,
  status: StoreStatus,
  peer: Peer,
): { word: string; dot: string } {
  switch (status) {
    case "connecting":
      return { word: "Connecting", dot: " pgw-dot--warn" };
    case "reconnecting":
      return { word: "Reconnecting", dot: " pgw-dot--warn" };
    case "signed-out":
      return { word: "Logged out", dot: " pgw-dot--idle" };
    case "missing":
      return { word: "No thread", dot: " pgw-dot--idle" };
    case "lost":
    case "saved":
      return { word: `No ${peer}`, dot: " pgw-dot--idle" };
  }
  const { label, demo } = connection;
  switch (connection.status) {
    case "offline":
      return { word: label, dot: " pgw-dot--off" };
    case "refused":
      return { word: "Key refused", dot: " pgw-dot--error" };
    case "unreachable":
      return { word: `${label}: not reached`, dot: " pgw-dot--error" };
    case "ready":
      return { word: label, dot: demo ? " pgw-dot--off" : "" };
  }
}

/** The connection that a key is for: the demo model has none. */
export function keyedName(view: View): string {
  const { demo, name } = view.store.settings.value.connection;
  return demo ? "openai" : name;
}

/** Uses a connection, and asks for the key that it cannot be used without. */
async function choose(view: View, opener: HTMLElement, name: string): Promise<void> {
  try {
    await view.store.request({ type: "connect", name });
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    if (error.kind === "setup") void openKeyDialog(view, opener, name);
    else view.toast.value = { text: error.message };
  }
}

function connectionItems(view: View, opener: HTMLElement): readonly MenuItem[] {
  const { connection, connections, offers }: Settings = view.store.settings.value;
  const known = connections.map((choice) => ({
    label: choice.label,
    ...(choice.note === undefined ? {} : { hint: choice.note }),
    checked: choice.name === connection.name,
    run: () => void choose(view, opener, choice.name),
  }));
  const found = offers.map((offer) => ({
    label: `${offer.label} on ${hostOf(offer.url)}`,
    icon: "server" as const,
    hint: plural(offer.models, "model"),
    run: () => void view.ask({ type: "connect", name: offer.name }),
  }));
  const changes = connection.key_tail !== undefined;
  return [
    { heading: "Connection" },
    ...known,
    ...(found.length > 0 ? [{ heading: "Found on this computer" }, ...found] : []),
    "line",
    {
      label: changes ? "Change the key" : "Add a key",
      icon: "key",
      ...(changes ? { hint: `…${connection.key_tail}` } : {}),
      run: () => void openKeyDialog(view, opener, keyedName(view)),
    },
    {
      label: "Another server",
      icon: "plus",
      run: () => void openKeyDialog(view, opener, null),
    },
  ];
}

export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}
