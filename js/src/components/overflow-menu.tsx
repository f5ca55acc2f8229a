// The menu at the end of the header: what has no button of its own there, or none while it is narrow.

import type { JSX } from "preact";
import { undo } from "./actions.ts";
import type { MenuItem } from "./menu.tsx";
import { MenuButton } from "./menu-button.tsx";
import { meterText, openUsage, Ring } from "./meter.tsx";
import { openExport, openHelp, showCompare, toggleParameters } from "./open-panel.tsx";
import { importFile, newThread } from "./thread-actions.ts";
import { useView, type View } from "./view.ts";

export function OverflowMenu(): JSX.Element {
  const view = useView();
  return (
    <>
      <MenuButton
        icon="more"
        label="More"
        class="pgw-overflow"
        width={232}
        items={() => overflowItems(view)}
      />
      <ImportField />
    </>
  );
}

/** Files that hold conversations; chosen from the menu. */
function ImportField(): JSX.Element {
  const view = useView();
  return (
    <input
      type="file"
      class="pgw-import"
      hidden
      accept=".ipynb,.json"
      onChange={(event) => {
        const { currentTarget: field } = event;
        const [file] = field.files ?? [];
        if (file) void importFile(view, file);
        // So that the same file can be chosen again.
        field.value = "";
      }}
    />
  );
}

function pickFile(view: View): void {
  view.host.root.querySelector<HTMLElement>(".pgw-import")?.click();
}

const HEIGHTS = [
  ["Low", 400],
  ["Medium", 560],
  ["High", 800],
] as const;

function heightItem(view: View): MenuItem {
  const height = view.height.value;
  return {
    label: "Height",
    icon: "expand",
    hint: `${height} px`,
    more: HEIGHTS.map(([label, value]) => ({
      label,
      hint: `${value} px`,
      checked: value === height,
      run: () => {
        view.height.value = value;
      },
    })),
  };
}

/** The thread as a page, where there is a server for that and the thread is kept. */
function pageItem(view: View): readonly MenuItem[] {
  const { openPage } = view.host;
  const { id, messages } = view.store.thread.value;
  const { storage } = view.store.settings.value;
  if (!openPage || messages.length === 0 || storage?.kind === "memory") return [];
  const run = async () => {
    if (await openPage(id)) return;
    view.toast.value = {
      text: "This Jupyter server has no page for it. Install playground_widget where the server runs.",
    };
  };
  return [{ label: "Open as a page", icon: "globe", run: () => void run() }];
}

function overflowItems(view: View): readonly MenuItem[] {
  const { usage, undo: undone } = view.store.settings.value;
  const changed = Object.keys(view.store.thread.value.params).length;
  const narrow = view.host.root.clientWidth < 480;
  const writable = view.writable.value;
  return [
    ...(narrow && writable
      ? [
          {
            label: view.comparing.value ? "Chat" : "Compare",
            icon: view.comparing.value ? ("voice" as const) : ("columns" as const),
            run: () => void showCompare(view, !view.comparing.peek()),
          },
          {
            label: "Parameters",
            icon: "sliders" as const,
            ...(changed > 0 ? { hint: `${changed} changed` } : {}),
            run: () => void toggleParameters(view),
          },
          { label: "Export", icon: "export" as const, run: () => void openExport(view) },
          "line" as const,
        ]
      : []),
    ...(view.host.page ? [] : [heightItem(view)]),
    ...(narrow && writable
      ? [{ label: "New thread", icon: "plus" as const, run: () => void newThread(view) }]
      : []),
    ...pageItem(view),
    ...(writable
      ? [{ label: "Import a file", icon: "import" as const, run: () => pickFile(view) }]
      : []),
    ...(undone !== null && writable
      ? [{ label: `Undo: ${undone}`, icon: "undo" as const, hint: "Z", run: () => undo(view) }]
      : []),
    {
      label: "Keys",
      icon: "help",
      hint: "?",
      run: () => void openHelp(view),
    },
    ...(narrow
      ? [
          "line" as const,
          {
            label: "Context",
            drawing: <Ring usage={usage} />,
            hint: meterText(usage),
            run: () => {
              const opener = view.host.root.querySelector<HTMLElement>(".pgw-overflow");
              if (opener) openUsage(view, opener);
            },
          },
        ]
      : []),
  ];
}
