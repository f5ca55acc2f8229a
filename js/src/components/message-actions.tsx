// The toolbar of a message and its menu.

import type { JSX, TargetedKeyboardEvent } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Message } from "../model.ts";
import {
  answerTo,
  canEdit,
  cellsOf,
  changeRole,
  copyMessage,
  deleteMessage,
  insertCells,
  regenerate,
  startEdit,
  startInsert,
} from "./actions.ts";
import { IconButton } from "./controls.tsx";
import type { MenuItem } from "./menu.tsx";
import { MenuButton, roleItems } from "./menu-button.tsx";
import { openCode, openWire, promoteToColumn, toggleTokens } from "./open-panel.tsx";
import { useView, type View } from "./view.ts";

interface ActionsProps {
  readonly message: Message;
  /** Whether Tab comes here from the message. */
  readonly stop: boolean;
}

/** One tab stop with arrows between its buttons, and only in the current message. */
export function MessageActions({ message, stop }: ActionsProps): JSX.Element {
  const view = useView();
  const bar = useRef<HTMLDivElement>(null);
  const [last, setLast] = useState(0);
  const writable = view.writable.value && canEdit(message);
  const answer = writable ? answerTo(message, view.store.path.value) : undefined;

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const step = event.key === "ArrowLeft" ? -1 : 1;
    const all = [...(bar.current?.querySelectorAll("button") ?? [])];
    const at = (last + step + all.length) % all.length;
    setLast(at);
    all[at]?.focus();
    event.preventDefault();
    event.stopPropagation();
  };

  const run: ((props: { tabIndex: number }) => JSX.Element)[] = [
    (tab) => (
      <IconButton
        icon="copy"
        label="Copy"
        onClick={() => void copyMessage(view, message)}
        {...tab}
      />
    ),
  ];
  if (writable) {
    run.push((tab) => (
      <IconButton icon="edit" label="Edit" onClick={() => startEdit(view, message)} {...tab} />
    ));
    if (answer !== undefined) {
      run.push((tab) => (
        <IconButton
          icon="redo"
          label={answer ? "Regenerate" : "Generate an answer"}
          onClick={() => regenerate(view, message)}
          {...tab}
        />
      ));
    }
    run.push((tab) => (
      <MenuButton
        icon="more"
        label="More actions"
        width={232}
        items={() => messageItems(view, message)}
        {...tab}
      />
    ));
  }

  return (
    <div
      ref={bar}
      class="pgw-actions"
      role="toolbar"
      aria-label="Message actions"
      onKeyDown={onKeyDown}
    >
      {run.map((button, i) => button({ tabIndex: stop && i === last % run.length ? 0 : -1 }))}
    </div>
  );
}

/** The … where there is no toolbar: on touch, and in a narrow widget. */
export function MessageMore({ message }: { message: Message }): JSX.Element | null {
  const view = useView();
  if (!canEdit(message)) return null;
  return (
    <MenuButton
      icon="more"
      label="More actions"
      class="pgw-more"
      small
      width={232}
      items={() => [...shortItems(view, message), ...messageItems(view, message)]}
    />
  );
}

/** What the toolbar has, for the menu that stands in for it. */
function shortItems(view: View, message: Message): readonly MenuItem[] {
  const answer = answerTo(message, view.store.path.value);
  return [
    { label: "Copy", icon: "copy", hint: "C", run: () => void copyMessage(view, message) },
    { label: "Edit", icon: "edit", hint: "Enter", run: () => startEdit(view, message) },
    ...(answer === undefined
      ? []
      : [
          {
            label: answer ? "Regenerate" : "Generate an answer",
            icon: "redo" as const,
            hint: "R",
            run: () => regenerate(view, message),
          },
        ]),
    "line",
  ];
}

/** How an answer came to be. */
function askedItems(view: View, message: Message): readonly MenuItem[] {
  const { id, role, has_logprobs: has } = message;
  if (role !== "assistant" || message.model === undefined) return [];
  return [
    "line",
    ...(has
      ? [
          {
            label: view.asTokens.value.has(id) ? "Rendered answer" : "Token probabilities",
            icon: "text" as const,
            run: () => void toggleTokens(view, id),
          },
        ]
      : []),
    {
      label: "What was sent",
      icon: "terminal",
      run: () => void openWire(view, rowOf(view, id), id),
    },
    { label: "View code", icon: "code", run: () => void openCode(view, rowOf(view, id), id) },
    ...(view.writable.value
      ? [
          {
            label: "Promote to a column",
            icon: "columns" as const,
            run: () => void promoteToColumn(view, id),
          },
        ]
      : []),
  ];
}

/** The message itself gets the focus back: its menu is gone once something was chosen. */
function rowOf({ host: { root } }: View, id: string): HTMLElement {
  const rows = [...root.querySelectorAll<HTMLElement>("article")];
  return rows.find((row) => row.dataset.id === id) ?? root;
}

function messageItems(view: View, message: Message): readonly MenuItem[] {
  const cells = view.host.insertCells ? cellsOf(message) : [];
  return [
    {
      label: "Insert before",
      icon: "before",
      hint: "A",
      run: () => startInsert(view, message, "before"),
    },
    {
      label: "Insert after",
      icon: "after",
      hint: "B",
      run: () => startInsert(view, message, "after"),
    },
    ...(message.role === "tool"
      ? []
      : [
          {
            label: "Change role",
            icon: "swap" as const,
            more: roleItems(message.role, (role) => changeRole(view, message, role)),
          },
        ]),
    ...(cells.length === 0
      ? []
      : [
          {
            label: "Insert code as cells",
            icon: "cell" as const,
            run: () => void insertCells(view, cells),
          },
        ]),
    ...askedItems(view, message),
    "line",
    {
      label: "Delete",
      icon: "trash",
      hint: "D D",
      danger: true,
      run: () => void deleteMessage(view, message),
    },
  ];
}
