import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { undo } from "./actions.ts";
import { ConnectionPill } from "./connection.tsx";
import { openHelp } from "./help.tsx";
import { Icon } from "./icons.tsx";
import type { MenuItem } from "./menu.tsx";
import { MenuButton } from "./menu-button.tsx";
import { Meter, meterText, openUsage, Ring } from "./meter.tsx";
import { useView, type View } from "./view.ts";

export function Header(): JSX.Element {
  const view = useView();
  return (
    <header class="pgw-head">
      <Title />
      <span class="pgw-spacer" />
      <ConnectionPill />
      <Meter />
      <MenuButton
        icon="more"
        label="More"
        class="pgw-overflow"
        width={232}
        items={() => overflowItems(view)}
      />
    </header>
  );
}

/** The title of the thread, edited in place. */
function Title(): JSX.Element {
  const view = useView();
  const { title } = view.store.thread.value;
  const editing = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (editing.value) field.current?.select();
  }, [editing.value]);

  const shown = title || "New thread";
  if (!view.writable.value) {
    return (
      <h2 class="pgw-head__title">
        <span>{shown}</span>
      </h2>
    );
  }
  if (!editing.value) {
    return (
      <button
        ref={button}
        type="button"
        class="pgw-head__title"
        title="Rename this thread"
        aria-label={`${shown}, rename`}
        onClick={() => {
          editing.value = true;
        }}
      >
        <span>{shown}</span>
        <Icon name="edit" small />
      </button>
    );
  }

  const end = (save: boolean) => {
    const typed = field.current?.value.trim() ?? "";
    editing.value = false;
    if (save && typed !== "" && typed !== title) void view.ask({ type: "set", title: typed });
  };
  return (
    <input
      ref={field}
      class="pgw-input"
      name="title"
      aria-label="Title of this thread"
      autocomplete="off"
      defaultValue={title}
      onBlur={() => {
        // Enter and Escape have ended it already when the field goes.
        if (editing.value) end(true);
      }}
      onKeyDown={(event) => {
        if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
        event.preventDefault();
        event.stopPropagation();
        end(event.key === "Enter");
        requestAnimationFrame(() => button.current?.focus());
      }}
    />
  );
}

const HEIGHTS = [
  ["Low", 400],
  ["Medium", 560],
  ["High", 800],
] as const;

function overflowItems(view: View): readonly MenuItem[] {
  const { usage, undo: undone } = view.store.settings.value;
  const height = view.height.value;
  const narrow = view.host.root.clientWidth < 480;
  return [
    {
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
    },
    ...(undone !== null && view.writable.value
      ? [{ label: `Undo: ${undone}`, icon: "undo" as const, hint: "Z", run: () => undo(view) }]
      : []),
    {
      label: "Keys",
      icon: "help",
      hint: "?",
      run: () => openHelp(view),
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
