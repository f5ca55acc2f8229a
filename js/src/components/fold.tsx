// What opens and closes inside a message: tool calls and their results.

import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { Message } from "../model.ts";
import { callText, plainText } from "./content.ts";
import { bytes, plural } from "./format.ts";
import { Icon, type IconName } from "./icons.tsx";
import { useView } from "./view.ts";

interface FoldProps {
  readonly head: ComponentChildren;
  readonly icon?: IconName;
  readonly hint?: string | undefined;
  /** Name of what is inside, for a screen reader: it can be scrolled and so takes the focus. */
  readonly label: string;
  readonly text: string;
  readonly open?: boolean;
}

function Fold({ head, icon, hint, label, text, open: first = false }: FoldProps): JSX.Element {
  const [open, setOpen] = useState(first);
  return (
    <div class="pgw-fold">
      <button
        type="button"
        class="pgw-fold__head"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name={open ? "down" : "right"} small />
        {icon && <Icon name={icon} small />}
        {head}
        <span class="pgw-spacer" />
        {hint !== undefined && <small class="pgw-num">{hint}</small>}
      </button>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        <section class="pgw-fold__body" aria-label={label} tabIndex={0}>
          {text}
        </section>
      )}
    </div>
  );
}

export function ToolCall({ name, json }: { name: string; json: string }): JSX.Element {
  return (
    <Fold
      icon="wrench"
      head={<code>{callText(name, json)}</code>}
      label={`Arguments of ${name}`}
      text={indented(json)}
    />
  );
}

/** A message of a tool: the result of the call that it names. */
export function ToolResult({ message }: { message: Message }): JSX.Element {
  const { store } = useView();
  const text = plainText(message.content);
  const name = nameOfCall(store.path.value, message.tool_call_id);
  const lines = text === "" ? 0 : text.trimEnd().split("\n").length;
  const size = bytes(new TextEncoder().encode(text).length);
  return (
    <Fold
      head={
        <span>
          {name ? (
            <>
              Result of <code>{name}</code>
            </>
          ) : (
            "Result"
          )}
        </span>
      }
      hint={lines > 1 ? `${plural(lines, "line")}, ${size}` : size}
      label={name ? `Result of ${name}` : "Result"}
      text={text}
    />
  );
}

export function nameOfCall(path: readonly Message[], id: string | undefined): string | undefined {
  if (id === undefined) return undefined;
  for (const message of path) {
    for (const part of message.content) {
      if (part.type === "tool_call" && part.id === id) return part.name;
    }
  }
  return undefined;
}

function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
