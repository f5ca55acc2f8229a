// A thread in the list: what it is called, when it changed, and what can be done with it.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ThreadRow } from "../model.ts";
import { IconButton } from "./controls.tsx";
import { plural } from "./format.ts";
import type { IconName } from "./icons.tsx";
import { memo } from "./memo.ts";
import { MenuButton } from "./menu-button.tsx";
import { NameField } from "./name-field.tsx";
import { openThread, UNTITLED } from "./thread-actions.ts";
import { useView } from "./view.ts";

export type ThreadAct = "pin" | "rename" | "duplicate" | "delete";

interface RowProps {
  readonly row: ThreadRow;
  /** As it is now, where this page knows better than the list. */
  readonly title: string;
  readonly running: boolean;
  readonly when: string;
  /** Whether it is open. */
  readonly current: boolean;
  /** Whether Tab goes here. */
  readonly stop: boolean;
  readonly renaming: boolean;
  /** Does it; the list knows where the focus goes then. */
  readonly act: (what: ThreadAct, row: ThreadRow) => void;
  /** Ends the renaming: with a new title, or with none. */
  readonly named: (row: ThreadRow, title: string | undefined) => void;
}

/** Renders again only when something about it changes: there may be thousands. */
export const ThreadItem = memo(function ThreadItem(props: RowProps): JSX.Element {
  const { row, title, running, when, current, stop, renaming, act, named } = props;
  const view = useView();
  const [hovered, setHovered] = useState(false);
  const [focused, setFocused] = useState(false);
  const shown = title || UNTITLED;
  const acts = !renaming && !view.touch && (hovered || focused);
  const classes = ["pgw-thread"];
  if (current) classes.push("is-current");
  if (acts) classes.push("has-acts");
  if (renaming) {
    return (
      <li class={classes.join(" ")} data-thread={row.id}>
        <NameField title={title} end={(typed) => named(row, typed)} />
      </li>
    );
  }
  return (
    <li
      class={classes.join(" ")}
      data-thread={row.id}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
      onFocusIn={() => setFocused(true)}
      onFocusOut={() => setFocused(false)}
    >
      <button
        type="button"
        class="pgw-thread__open"
        tabIndex={stop ? 0 : -1}
        aria-current={current ? "true" : undefined}
        aria-keyshortcuts="F2 Delete"
        // Written only when it can be seen: to put a date into words takes a while.
        title={acts ? `${shown}\n${facts(row)}` : undefined}
        onClick={() => void openThread(view, row.id)}
      >
        <span>{shown}</span>
        {running && <i class="pgw-busy" role="img" aria-label="An answer is being written" />}
        <small>{row.branches > 1 ? `${row.branches} branches` : when}</small>
        {row.snippet && (
          <q>{row.snippet.map(({ text, hit }, i) => (hit ? <mark key={i}>{text}</mark> : text))}</q>
        )}
      </button>
      {acts && (
        <span class="pgw-thread__acts">
          {actions(row, act).map(({ icon, label, run }) => (
            <IconButton
              key={label}
              icon={icon}
              label={`${label} “${shown}”`}
              title={label}
              small
              tabIndex={focused ? 0 : -1}
              onClick={run}
            />
          ))}
        </span>
      )}
      {view.touch && (
        <MenuButton
          icon="more"
          label={`More about “${shown}”`}
          small
          tabIndex={stop ? 0 : -1}
          items={() => actions(row, act)}
        />
      )}
    </li>
  );
});

interface Action {
  readonly icon: IconName;
  readonly label: string;
  readonly run: () => void;
}

function actions(row: ThreadRow, act: RowProps["act"]): readonly Action[] {
  return [
    { icon: "pin", label: row.pinned ? "Unpin" : "Pin", run: () => act("pin", row) },
    { icon: "edit", label: "Rename", run: () => act("rename", row) },
    { icon: "copy", label: "Duplicate", run: () => act("duplicate", row) },
    { icon: "trash", label: "Delete", run: () => act("delete", row) },
  ];
}

function facts({ messages, updated }: ThreadRow): string {
  const date = new Date(1000 * updated);
  const day = date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
  const time = date.toLocaleTimeString("en-GB", { hour: "numeric", minute: "2-digit" });
  return `${plural(messages, "message")}, changed on ${day} at ${time}`;
}
