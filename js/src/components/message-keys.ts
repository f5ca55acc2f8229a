// Keys pressed on a message. Single letters count only there, never in a field or on a button.

import type { TargetedKeyboardEvent } from "preact";
import type { Message } from "../model.ts";
import {
  copyMessage,
  deleteMessage,
  otherVersion,
  regenerate,
  startEdit,
  startInsert,
  startSystemEdit,
  undo,
} from "./actions.ts";
import type { MessageAction, MessageKeys } from "./keys.ts";
import type { View } from "./view.ts";

/** The row that an element stands in, or is. */
export function rowOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("article[data-id]") : null;
}

/** Does what the key says; false if it says nothing here. */
export function onMessageKey(
  view: View,
  event: TargetedKeyboardEvent<HTMLElement>,
  keys: MessageKeys,
): boolean {
  const row = rowOf(event.target);
  if (!row || row !== event.target) return false;
  const action = keys.read(event, event.timeStamp);
  if (!action) return false;
  if (move(event.currentTarget, row, action)) return true;
  if (!view.writable.value && action !== "copy") return false;
  if (action === "undo") {
    undo(view);
    return true;
  }
  const id = row.dataset.id;
  if (id === "system") {
    if (action === "edit") startSystemEdit(view);
    return action === "edit";
  }
  const message = view.store.path.value.find((each) => each.id === id);
  if (message) act(view, message, action);
  return message !== undefined;
}

function move(log: HTMLElement, row: HTMLElement, action: MessageAction): boolean {
  const rows = [...log.querySelectorAll<HTMLElement>("article[data-id]")];
  const at = rows.indexOf(row);
  const to = { previous: at - 1, next: at + 1, first: 0, last: rows.length - 1 };
  if (!Object.hasOwn(to, action)) return false;
  const goal = rows[Math.max(0, Math.min(rows.length - 1, to[action as keyof typeof to]))];
  goal?.focus({ preventScroll: true });
  goal?.scrollIntoView({ block: "nearest" });
  return true;
}

function act(view: View, message: Message, action: MessageAction): void {
  switch (action) {
    case "edit":
      startEdit(view, message);
      break;
    case "older-version":
      otherVersion(view, message, -1);
      break;
    case "newer-version":
      otherVersion(view, message, 1);
      break;
    case "copy":
      void copyMessage(view, message);
      break;
    case "regenerate":
      regenerate(view, message);
      break;
    case "insert-before":
      startInsert(view, message, "before");
      break;
    case "insert-after":
      startInsert(view, message, "after");
      break;
    case "delete":
      void deleteMessage(view, message);
      break;
  }
}
