import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { undo } from "./actions.ts";
import { ConnectionPill } from "./connection.tsx";
import { IconButton } from "./controls.tsx";
import { Icon } from "./icons.tsx";
import { Menu, type MenuItem } from "./menu.tsx";
import { MenuButton } from "./menu-button.tsx";
import { Meter, meterText, openUsage, Ring } from "./meter.tsx";
import { openExport, openHelp, showCompare, toggleParameters } from "./open-panel.tsx";
import {
  deleteThread,
  duplicateThread,
  importFile,
  newThread,
  type ThreadName,
  UNTITLED,
} from "./thread-actions.ts";
import { NameField } from "./thread-row.tsx";
import { useView, type View } from "./view.ts";

export function Header(): JSX.Element {
  const view = useView();
  return (
    <header class="pgw-head">
      <IconButton
        icon="sidebar"
        label="Threads"
        class="pgw-toggle"
        aria-expanded={view.drawer.value && view.listed.value}
        disabled={!view.listed.value}
        onClick={() => view.toggleDrawer()}
      />
      <Title />
      <span class="pgw-spacer" />
      <ViewSwitch />
      <ConnectionPill />
      <Meter />
      <IconButton
        icon="sliders"
        label="Parameters"
        class="pgw-parameters-button pgw-hide-s"
        aria-expanded={view.parameters.value}
        aria-keyshortcuts="Control+. Meta+."
        disabled={!view.writable.value}
        onClick={() => void toggleParameters(view)}
      />
      <IconButton
        icon="export"
        label="Export"
        class="pgw-export-button pgw-hide-s"
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+Shift+E Meta+Shift+E"
        disabled={!view.live.value}
        onClick={() => void openExport(view)}
      />
      <MenuButton
        icon="more"
        label="More"
        class="pgw-overflow"
        width={232}
        items={() => overflowItems(view)}
      />
      <ImportField />
    </header>
  );
}

/** What is shown below: the conversation, or variants of its next answer. */
function ViewSwitch(): JSX.Element {
  const view = useView();
  const comparing = view.comparing.value;
  const choice = (label: string, icon: "voice" | "columns", on: boolean) => (
    <button
      type="button"
      aria-pressed={comparing === on}
      aria-label={label}
      title={label}
      disabled={on && !view.writable.value}
      onClick={() => void showCompare(view, on)}
    >
      <Icon name={icon} small />
      <span class="pgw-hide-m">{label}</span>
    </button>
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is a box of form fields
    <div class="pgw-seg pgw-views pgw-hide-s" role="group" aria-label="View">
      {choice("Chat", "voice", false)}
      {choice("Compare", "columns", true)}
    </div>
  );
}

/** The title of the thread: a menu of what can be done with it, and edited in place. */
function Title(): JSX.Element {
  const view = useView();
  const { id, title } = view.store.thread.value;
  const editing = useSignal(false);
  const button = useRef<HTMLButtonElement>(null);
  const missing = id === "" && view.store.status.value === "missing";
  const shown = title || (missing ? "No thread" : UNTITLED);
  if (!view.writable.value) {
    return (
      <h2 class="pgw-head__title">
        <span>{shown}</span>
      </h2>
    );
  }
  if (editing.value) {
    return (
      <NameField
        key={id}
        title={title}
        end={(typed) => {
          editing.value = false;
          if (typed !== undefined) void view.ask({ type: "set", title: typed });
          requestAnimationFrame(() => button.current?.focus());
        }}
      />
    );
  }
  const rename = () => {
    editing.value = true;
  };
  return (
    <button
      ref={button}
      type="button"
      class="pgw-head__title"
      title={shown}
      aria-label={`${shown}, what to do with this thread`}
      aria-haspopup="menu"
      aria-expanded="false"
      aria-keyshortcuts="F2"
      onKeyDown={(event) => {
        if (event.key !== "F2") return;
        event.preventDefault();
        rename();
      }}
      onClick={(event) =>
        view.openMenu(event.currentTarget, "start", () => (
          <Menu label="Thread" items={threadItems(view, { id, title }, rename)} />
        ))
      }
    >
      <span>{shown}</span>
      <Icon name="down" small />
    </button>
  );
}

function threadItems(view: View, thread: ThreadName, rename: () => void): readonly MenuItem[] {
  return [
    { label: "Rename", icon: "edit", hint: "F2", run: rename },
    { label: "New thread", icon: "plus", run: () => void newThread(view) },
    { label: "Duplicate", icon: "copy", run: () => void duplicateThread(view, thread) },
    "line",
    {
      label: "Delete",
      icon: "trash",
      danger: true,
      run: () => void deleteThread(view, thread),
    },
  ];
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
