// The versions of the system prompt: choosing one.

import type { ComponentChildren, JSX } from "preact";
import { Icon } from "./icons.tsx";
import { Menu, type MenuItem } from "./menu.tsx";
import { openVersions, runSideBySide } from "./open-panel.tsx";
import { comparedWith, promptVersions, versionNote } from "./prompt-versions.ts";
import { useView, type View } from "./view.ts";

/** Says which version it is, and opens the menu of all. */
export function VersionsButton({ children }: { children: ComponentChildren }): JSX.Element {
  const view = useView();
  return (
    <button
      type="button"
      class="pgw-btn pgw-btn--s pgw-btn--quiet"
      title="Versions of the system prompt"
      aria-haspopup="menu"
      aria-expanded="false"
      onClick={(event) => {
        const opener = event.currentTarget;
        view.openMenu(opener, "end", () => (
          <Menu label="Versions" width={272} items={versionItems(view, opener)} />
        ));
      }}
    >
      {children}
      <Icon name="down" small />
    </button>
  );
}

function versionItems(view: View, opener: HTMLElement): readonly MenuItem[] {
  const versions = promptVersions(view.store.thread.value);
  const now = new Date();
  const current = versions.find((version) => version.current) ?? versions.at(-1);
  const other = current && comparedWith(versions, current);
  return [
    { heading: "System prompt" },
    ...versions
      .map((version) => ({
        label: `v${version.number}`,
        hint: versionNote(version, now),
        checked: version.current,
        run: () => {
          if (!version.current) void view.ask({ type: "set", system: version.text });
        },
      }))
      .reverse(),
    ...(current && other
      ? [
          "line" as const,
          {
            label: "Compare versions",
            icon: "diff" as const,
            run: () => void openVersions(view, opener, other, current),
          },
          {
            label: `Run v${other.number} and v${current.number} side by side`,
            icon: "columns" as const,
            run: () => void runSideBySide(view, other, current),
          },
        ]
      : []),
  ];
}
