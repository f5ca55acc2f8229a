// The content of a message, part by part. A growing answer and a finished one have the same
// elements in the same places, so that nothing is built anew when the answer ends.

import { computed } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Message, Part } from "../model.ts";
import type { Live, LivePart } from "../store.ts";
import { DataTable, Picture } from "./attachments.tsx";
import { thoughtTokens } from "./figures.ts";
import { JsonView, wantsJson } from "./json-view.tsx";
import { MarkdownView } from "./markdown-view.tsx";
import { Thinking, Waiting } from "./thinking.tsx";
import { ToolCall } from "./tools.tsx";
import { TEMPLATES } from "./used-variables.ts";

interface PartsProps {
  readonly message: Message;
  /** While the answer grows. */
  readonly live: Live | undefined;
}

/**
 * Renders when a part opens, not when one grows: the text of a growing answer flows past this
 * into the markdown of its part.
 */
export function Parts({ message, live }: PartsProps): JSX.Element {
  const shape = useMemo(
    () =>
      computed(() => {
        live?.version.value;
        return live?.parts.map(({ type }) => type).join();
      }),
    [live],
  );
  shape.value;
  const parts: readonly (Part | LivePart)[] = live?.parts ?? message.content;
  const last = parts.length - 1;
  return (
    <>
      {parts.map((part, i) => (
        <PartView key={i} part={part} index={i} last={i === last} message={message} live={live} />
      ))}
      {live && parts.length === 0 && !message.retry && <Waiting live={live} />}
    </>
  );
}

interface PartViewProps extends PartsProps {
  readonly part: Part | LivePart;
  readonly index: number;
  readonly last: boolean;
}

function PartView({ part, index, last, message, live }: PartViewProps): JSX.Element | null {
  switch (part.type) {
    case "image":
      return <Picture part={part} />;
    case "table":
      return <DataTable part={part} />;
    case "tool_call":
      if (live) return <GrowingCall message={message} live={live} index={index} />;
      return "arguments" in part ? (
        <ToolCall message={message} id={part.id} name={part.name} json={part.arguments} />
      ) : null;
    case "reasoning":
      return (
        <Thinking
          text={part.text}
          live={live}
          part={index}
          going={live !== undefined && last}
          time={message.timing?.reasoning}
          tokens={thoughtTokens(message)}
        />
      );
    case "text":
      if (wantsJson(message.params)) {
        return <JsonView text={part.text} live={live} part={index} caret={last} />;
      }
      return (
        <MarkdownView
          text={part.text}
          live={live}
          part={index}
          caret={last}
          template={TEMPLATES.has(message.role)}
        />
      );
    case "refusal":
      return (
        <div>
          <p class="pgw-refusal">The model declined:</p>
          <MarkdownView text={part.text} live={live} part={index} caret={last} />
        </div>
      );
  }
}

function GrowingCall(props: { message: Message; live: Live; index: number }): JSX.Element {
  const { message, live, index } = props;
  live.version.value;
  const call = live.parts[index];
  return (
    <ToolCall message={message} id={call?.id} name={call?.name ?? ""} json={call?.text ?? ""} />
  );
}
