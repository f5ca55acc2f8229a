// The list of keys that `?` shows; what they do is read in `keys.ts`.

export interface KeyHelp {
  readonly title: string;
  readonly keys: readonly { readonly does: string; readonly keys: readonly string[] }[];
}

/** The list that `?` shows. */
export const KEY_HELP: readonly KeyHelp[] = [
  {
    title: "Composer",
    keys: [
      { does: "Send", keys: ["Enter"] },
      { does: "New line", keys: ["Shift+Enter"] },
      { does: "Send always", keys: ["Ctrl+Enter"] },
      { does: "Add without sending", keys: ["Alt+Enter"] },
      { does: "Stop while streaming, then leave", keys: ["Esc"] },
      { does: "Edit the last user message, in an empty box", keys: ["↑"] },
    ],
  },
  {
    title: "Editing",
    keys: [
      { does: "Save and regenerate", keys: ["Ctrl+Enter"] },
      { does: "Save", keys: ["Ctrl+S"] },
      { does: "Cancel", keys: ["Esc"] },
    ],
  },
  {
    title: "Messages",
    keys: [
      { does: "Move", keys: ["↑", "↓", "K", "J"] },
      { does: "First, last", keys: ["Home", "End"] },
      { does: "Edit", keys: ["Enter"] },
      { does: "Other version", keys: ["←", "→"] },
      { does: "Copy", keys: ["C"] },
      { does: "Regenerate", keys: ["R"] },
      { does: "Insert before, after", keys: ["A", "B"] },
      { does: "Delete", keys: ["D D"] },
      { does: "Undo", keys: ["Z"] },
    ],
  },
  {
    title: "Threads",
    keys: [
      { does: "Search", keys: ["/"] },
      { does: "Move", keys: ["↑", "↓"] },
      { does: "Open", keys: ["Enter"] },
      { does: "Rename", keys: ["F2"] },
      { does: "Delete", keys: ["Delete"] },
      { does: "Undo, while it is offered", keys: ["Z"] },
    ],
  },
  {
    title: "Compare",
    keys: [
      { does: "Run all", keys: ["Ctrl+Enter"] },
      { does: "Other column", keys: ["←", "→"] },
      { does: "Pick the answer", keys: ["W"] },
      { does: "Move in the grid", keys: ["↑", "↓", "←", "→"] },
      { does: "Open the cell", keys: ["Enter"] },
      { does: "Other sample, in the opened cell", keys: ["←", "→"] },
    ],
  },
  {
    title: "Anywhere inside",
    keys: [
      { does: "Parameters", keys: ["Ctrl+."] },
      { does: "Export", keys: ["Ctrl+Shift+E"] },
      { does: "This list", keys: ["?"] },
      { does: "Close what is on top", keys: ["Esc"] },
    ],
  },
];
