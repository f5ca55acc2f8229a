// The line icons and the marks of the roles, drawn in place: a host may put the widget into a
// shadow root, where references to a shared sheet of symbols would not be found.

import type { JSX } from "preact";
import type { Role } from "../model.ts";

const PATHS = {
  after: "M3 3.5h10M8 6.5v6M5.5 10 8 12.5 10.5 10",
  alert: "M8 2.4 14.2 13H1.8zM8 6.5v3M8 11.2v.1",
  before: "M3 12.5h10M8 9.5v-6M5.5 6 8 3.5 10.5 6",
  cell: "M3.3 2.5h9.4A1.3 1.3 0 0 1 14 3.8v2.4a1.3 1.3 0 0 1-1.3 1.3H3.3A1.3 1.3 0 0 1 2 6.2V3.8a1.3 1.3 0 0 1 1.3-1.3zM8 10v4M6 12h4",
  braces:
    "M6 2.5H5.2a1.7 1.7 0 0 0-1.7 1.7v2L2.2 8l1.3 1.8v2a1.7 1.7 0 0 0 1.7 1.7H6M10 2.5h.8a1.7 1.7 0 0 1 1.7 1.7v2L13.8 8l-1.3 1.8v2a1.7 1.7 0 0 1-1.7 1.7H10",
  check: "m3.5 8.5 3 3 6-7",
  columns:
    "M3.8 3h8.4A1.8 1.8 0 0 1 14 4.8v6.4a1.8 1.8 0 0 1-1.8 1.8H3.8A1.8 1.8 0 0 1 2 11.2V4.8A1.8 1.8 0 0 1 3.8 3zM8 3v10",
  clock: "M2.2 8a5.8 5.8 0 1 0 11.6 0A5.8 5.8 0 1 0 2.2 8M8 4.8V8l2.2 1.5",
  code: "m5.5 4.5-3.5 3.5 3.5 3.5M10.5 4.5l3.5 3.5-3.5 3.5",
  copy: "M7.1 5.5h4.8a1.6 1.6 0 0 1 1.6 1.6v4.8a1.6 1.6 0 0 1-1.6 1.6H7.1a1.6 1.6 0 0 1-1.6-1.6V7.1a1.6 1.6 0 0 1 1.6-1.6zM3.6 10.5H3a1 1 0 0 1-1-1V3.5A1.5 1.5 0 0 1 3.5 2h6a1 1 0 0 1 1 1v.6",
  diff: "M8 2.5v6M5 5.5h6M5 12.5h6",
  down: "m4.5 6.5 3.5 3.5 3.5-3.5",
  edit: "M10.8 2.9a1.4 1.4 0 0 1 2 0l.3.3a1.4 1.4 0 0 1 0 2L5.7 12.6 2.5 13.5l.9-3.2z",
  export:
    "M8 9.5V2.5M5.3 5 8 2.3 10.7 5M3 9.5v2.7a1.3 1.3 0 0 0 1.3 1.3h7.4a1.3 1.3 0 0 0 1.3-1.3V9.5",
  expand: "M9.5 2.8h3.7v3.7M6.5 13.2H2.8V9.5M13 3 9 7M3 13l4-4",
  file: "M4 2.5h5l3.5 3.5v7a.7.7 0 0 1-.7.7H4a.7.7 0 0 1-.7-.7V3.2a.7.7 0 0 1 .7-.7zM9 2.5V6h3.5",
  globe:
    "M2.2 8a5.8 5.8 0 1 0 11.6 0A5.8 5.8 0 1 0 2.2 8M2.4 8h11.2M8 2.2c-3.4 3.6-3.4 8 0 11.6M8 2.2c3.4 3.6 3.4 8 0 11.6",
  grid: "M4 2.7h8a1.8 1.8 0 0 1 1.8 1.8v7a1.8 1.8 0 0 1-1.8 1.8H4a1.8 1.8 0 0 1-1.8-1.8v-7A1.8 1.8 0 0 1 4 2.7zM2.2 6.5h11.6M2.2 9.9h11.6M6.5 2.7v10.6",
  help: "M6 6.1a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.3v.2M8 11.6v.1M2.2 8a5.8 5.8 0 1 0 11.6 0A5.8 5.8 0 1 0 2.2 8",
  history: "M3 8a5 5 0 1 0 1.6-3.65L3 5.8M3 2.6v3.2h3.2M8 5.5V8l1.8 1.2",
  image:
    "M4 2.7h8a1.8 1.8 0 0 1 1.8 1.8v7a1.8 1.8 0 0 1-1.8 1.8H4a1.8 1.8 0 0 1-1.8-1.8v-7A1.8 1.8 0 0 1 4 2.7zM4.7 6.2a1 1 0 1 0 2 0 1 1 0 1 0-2 0M3 12l3.5-3.5 2 2L11 8l2.7 2.7",
  import:
    "M8 2.5v7M5.3 7 8 9.7 10.7 7M3 9.5v2.7a1.3 1.3 0 0 0 1.3 1.3h7.4a1.3 1.3 0 0 0 1.3-1.3V9.5",
  key: "M2.5 10.7a2.8 2.8 0 1 0 5.6 0 2.8 2.8 0 1 0-5.6 0M7.4 8.6l5.4-5.4M10.6 5.4l1.9 1.9",
  left: "M9.5 4.5 6 8l3.5 3.5",
  minus: "M4 8h8",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  pin: "M6 2.5h4l-.5 4 2 2.3H4.5l2-2.3zM8 8.8v4.7",
  play: "M5 3.5 12 8l-7 4.5z",
  plus: "M8 3.5v9M3.5 8h9",
  redo: "M13 8a5 5 0 1 1-1.6-3.65L13 5.8M13 2.6v3.2H9.8",
  right: "m6.5 4.5 3.5 3.5-3.5 3.5",
  search: "M3 7a4 4 0 1 0 8 0 4 4 0 1 0-8 0M10 10l3.2 3.2",
  server:
    "M3.7 2.8h8.6a1.2 1.2 0 0 1 1.2 1.2v2a1.2 1.2 0 0 1-1.2 1.2H3.7A1.2 1.2 0 0 1 2.5 6V4a1.2 1.2 0 0 1 1.2-1.2zM3.7 8.8h8.6a1.2 1.2 0 0 1 1.2 1.2v2a1.2 1.2 0 0 1-1.2 1.2H3.7A1.2 1.2 0 0 1 2.5 12v-2a1.2 1.2 0 0 1 1.2-1.2zM5 5h.1M5 11h.1",
  sidebar: "M4 3h8a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM6 3v10",
  sliders:
    "M2.5 5h6M11.5 5h2M2.5 11h2M7.5 11h6M8.5 5a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0M4.5 11a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0",
  stop: "M5.5 4h5A1.5 1.5 0 0 1 12 5.5v5a1.5 1.5 0 0 1-1.5 1.5h-5A1.5 1.5 0 0 1 4 10.5v-5A1.5 1.5 0 0 1 5.5 4z",
  swap: "M3 5.5h9.5M10 3l2.5 2.5L10 8M13 10.5H3.5M6 8l-2.5 2.5L6 13",
  table:
    "M4 2.7h8a1.8 1.8 0 0 1 1.8 1.8v7a1.8 1.8 0 0 1-1.8 1.8H4a1.8 1.8 0 0 1-1.8-1.8v-7A1.8 1.8 0 0 1 4 2.7zM2.2 6.3h11.6M6.2 6.3v7",
  terminal:
    "M3.8 3h8.4A1.8 1.8 0 0 1 14 4.8v6.4a1.8 1.8 0 0 1-1.8 1.8H3.8A1.8 1.8 0 0 1 2 11.2V4.8A1.8 1.8 0 0 1 3.8 3zM4.8 6.3l1.9 1.7-1.9 1.7M8.5 10h2.7",
  text: "M3 4h10M3 8h10M3 12h6",
  trash:
    "M3 4.5h10M6.5 4.5V3a.7.7 0 0 1 .7-.7h1.6a.7.7 0 0 1 .7.7v1.5M4.3 4.5l.5 7.7a1.3 1.3 0 0 0 1.3 1.3h3.8a1.3 1.3 0 0 0 1.3-1.3l.5-7.7",
  undo: "M3 8a5 5 0 1 0 1.6-3.65L3 5.8M3 2.6v3.2h3.2",
  voice:
    "M2.5 4.3A1.8 1.8 0 0 1 4.3 2.5h7.4a1.8 1.8 0 0 1 1.8 1.8v5a1.8 1.8 0 0 1-1.8 1.8H7l-3.2 2.4v-2.4a1.4 1.4 0 0 1-1.3-1.4z",
  wrench:
    "M13.3 4.6a3.3 3.3 0 0 1-4.4 4.2L4.6 13.1a1.2 1.2 0 0 1-1.7-1.7L7.2 7.1A3.3 3.3 0 0 1 11.4 2.7L9.5 4.6l.3 1.6 1.6.3z",
  x: "m4 4 8 8M12 4l-8 8",
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration: what it means is said by the label of what it stands in. */
export function Icon({ name, small = false }: { name: IconName; small?: boolean }): JSX.Element {
  return (
    <svg class={small ? "pgw-i pgw-i--s" : "pgw-i"} viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={PATHS[name]}
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
