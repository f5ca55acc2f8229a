// The line icons and the marks of the roles.

import type { JSX } from "preact";
import { ICONS, type IconName } from "../icons.ts";
import type { Role } from "../model.ts";

export type { IconName } from "../icons.ts";

/** Decoration: what it means is said by the label of what it stands in. */
export function Icon({ name, small = false }: { name: IconName; small?: boolean }): JSX.Element {
  return (
    <svg class={small ? "pgw-i pgw-i--s" : "pgw-i"} viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={ICONS[name]}
        {...(name === "stop" ? { fill: "currentColor", stroke: "none" } : {})}
        {...(name === "more" ? { "stroke-width": "2" } : {})}
      />
    </svg>
  );
}

const MARKS: Readonly<Record<Role, string>> = {
  system: "M2.5 1.5h5a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1h-5a1 1 0 0 1-1-1v-5a1 1 0 0 1 1-1z",
  developer: "M2.5 1.5h5a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1h-5a1 1 0 0 1-1-1v-5a1 1 0 0 1 1-1z",
  user: "M1.5 5a3.5 3.5 0 1 0 7 0 3.5 3.5 0 1 0-7 0",
  assistant: "M5 .8 9.2 5 5 9.2.8 5z",
  tool: "M5 1.3 9 8.5H1z",
};

export function RoleMark({ of: role }: { of: Role }): JSX.Element {
  return (
    <svg class={`pgw-mark pgw-mark--${role}`} viewBox="0 0 10 10" aria-hidden="true">
      <path d={MARKS[role]} />
    </svg>
  );
}
