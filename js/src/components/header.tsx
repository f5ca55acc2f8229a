// What stands above everything: the thread and what is done with it, what answers, what it has cost.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { ConnectionPill } from "./connection.tsx";
import { IconButton } from "./controls.tsx";
import { isNowhere } from "./focus.ts";
import { Icon } from "./icons.tsx";
import { Menu, type MenuItem } from "./menu.tsx";
import { Meter } from "./meter.tsx";
import { NameField } from "./name-field.tsx";
import { openExport, showCompare, toggleParameters } from "./open-panel.tsx";
import { OverflowMenu } from "./overflow-menu.tsx";
import {
  deleteThread,
  duplicateThread,
  newThread,
  type ThreadName,
  UNTITLED,
} from "./thread-actions.ts";
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
      <OverflowMenu />
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
          requestAnimationFrame(() => {
            if (button.current && isNowhere(button.current)) button.current.focus();
          });
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
