// Calls of functions and their results: what was asked for, how it goes, what came of it.

import type { ComponentChildren, JSX, TargetedEvent } from "preact";
import { useState } from "preact/hooks";
import type { Consent, Message } from "../model.ts";
import type { RequestBody } from "../protocol.ts";
import { DataTable, Picture } from "./attachments.tsx";
import { argumentsText, callOf, callText, plainText, resultOf } from "./content.ts";
import { Fold } from "./fold.tsx";
import { bytes, counting, plural, took } from "./format.ts";
import { useClock } from "./hooks.ts";
import { Icon } from "./icons.tsx";
import { useView } from "./view.ts";
import { countdown, seenAt } from "./waits.ts";

/** What a call came to, where that is not well, in a word or two. */
const FAILURES: Readonly<Record<string, string>> = {
  tool_timeout: "timed out",
  tool_refused: "refused",
  tool_unknown: "no such tool",
  tool_arguments: "wrong arguments",
};

/** Results up to this size are shown at once. */
const SHORT = { lines: 8, characters: 800 };

/** Characters of a text among the arguments that stand in the head of a call. */
const MOST = 40;

interface CallProps {
  readonly name: string;
  readonly json: string;
  /** How it goes. */
  readonly tail: ComponentChildren;
  /** What is asked about it, if it waits. */
  readonly below?: ComponentChildren;
}

/** A call as Python would write it, with its arguments inside. */
export function CallFold({ name, json, tail, below }: CallProps): JSX.Element {
  return (
    <Fold
      icon="wrench"
      head={<code>{callText(name, json, MOST)}</code>}
      tail={tail}
      label={`Arguments of ${name}`}
      text={argumentsText(json)}
      below={below}
    />
  );
}

/** How a call ended: after how long, and what it came to where that is not well. */
export function CallEnd({ time, failure }: { time?: number | undefined; failure?: string }) {
  return (
    <>
      {time !== undefined && <span class="pgw-num">{took(time)}</span>}
      {failure === undefined ? (
        <>
          <Icon name="check" small />
          <span class="pgw-sr">done</span>
        </>
      ) : (
        <span class="pgw-pill pgw-pill--error">{failure}</span>
      )}
    </>
  );
}

interface ToolCallProps {
  /** The answer that calls. */
  readonly message: Message;
  readonly id: string | undefined;
  readonly name: string;
  readonly json: string;
}

export function ToolCall({ message, id, name, json }: ToolCallProps): JSX.Element {
  const { store } = useView();
  const result = resultOf(store.path.value, message, id);
  const asks = result?.status === "streaming" ? result.consent : undefined;
  return (
    <CallFold
      name={name}
      json={json}
      tail={result && <CallState result={result} />}
      below={asks && result && <Asking message={result} name={name} consent={asks} />}
    />
  );
}

function CallState({ result }: { result: Message }): JSX.Element {
  const { status, consent, timing, error } = result;
  if (status === "streaming") {
    return consent ? <span class="pgw-pill pgw-pill--warn">Waiting for you</span> : <Running />;
  }
  const time = timing?.duration;
  if (status === "failed") {
    return <CallEnd time={time} failure={FAILURES[error?.kind ?? ""] ?? "failed"} />;
  }
  if (status !== "complete") return <span class="pgw-pill">stopped</span>;
  return <CallEnd time={time} />;
}

/** Seconds since it was first seen here, with a dot that pulses. */
function Running(): JSX.Element {
  const [since] = useState(() => performance.now());
  const now = useClock(500, true);
  return (
    <span class="pgw-live pgw-num">
      Running
      <span aria-hidden="true">{counting((now - since) / 1000)}</span>
    </span>
  );
}

interface AskingProps {
  /** The message of the tool, which waits. */
  readonly message: Message;
  readonly name: string;
  readonly consent: Consent;
}

/** A tool that asks first. The focus stays where it is: who answers comes here by Tab. */
function Asking({ message, name, consent }: AskingProps): JSX.Element | null {
  const view = useView();
  const [sent, setSent] = useState(false);
  const now = useClock(1000, true);
  const { left } = countdown(consent.wait, (now - seenAt(consent)) / 1000);
  const answer = async (event: TargetedEvent<HTMLElement>, request: RequestBody) => {
    // The buttons go; who had the focus on one is left in the message that they were about.
    event.currentTarget.closest<HTMLElement>("article")?.focus({ preventScroll: true });
    setSent(true);
    if (!(await view.ask(request))) setSent(false);
  };
  const button = (label: string, tone: string, request: RequestBody) => (
    <button
      type="button"
      class={`pgw-btn pgw-btn--s pgw-btn--${tone}`}
      disabled={sent}
      onClick={(event) => void answer(event, request)}
    >
      {label}
    </button>
  );
  const { id } = message;
  if (!view.writable.value) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is a box of form fields
    <div
      class="pgw-fold__acts"
      role="group"
      aria-label={`Whether ${name} is run`}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        void answer(event, { type: "stop" });
      }}
    >
      {button("Run once", "primary", { type: "allow", message: id, always: false })}
      {button("Always run in this thread", "line", { type: "allow", message: id, always: true })}
      {button("Refuse", "quiet", { type: "deny", message: id })}
      <span class="pgw-spacer" />
      <small class="pgw-num" aria-hidden="true">
        {counting(left)} left
      </small>
    </div>
  );
}

/** A message of a tool: the result of the call that it names. */
export function ToolResult({ message }: { message: Message }): JSX.Element {
  const { store } = useView();
  const name = callOf(store.path.value, message)?.name;
  const { status, consent, error } = message;
  if (status === "streaming") {
    return (
      <div class="pgw-think pgw-wait">
        {consent ? <span class="pgw-muted">Waiting for you</span> : <Running />}
      </div>
    );
  }
  const tables = message.content.filter((part) => part.type === "table");
  const pictures = message.content.filter((part) => part.type === "image");
  // What the model reads, be it of a table.
  const said = [plainText(message.content), ...tables.map((part) => part.text)]
    .filter(Boolean)
    .join("\n\n");
  const detail = error && !said.includes(error.detail) ? error.detail : "";
  const text = [detail, said].filter(Boolean).join("\n\n");
  const rows = tables.reduce((sum, { shape }) => sum + shape[0], 0);
  const short = text !== "" && linesOf(text) <= SHORT.lines && text.length <= SHORT.characters;
  return (
    <>
      <ResultFold
        name={name}
        text={text}
        size={tables.length > 0 ? plural(rows, "row") : undefined}
        open={short && tables.length === 0}
        title={error?.title}
        failed={status === "failed"}
      />
      {tables.map((part, i) => (
        <DataTable key={`table-${i}`} part={part} />
      ))}
      {pictures.map((part, i) => (
        <Picture key={`picture-${i}`} part={part} />
      ))}
    </>
  );
}

const linesOf = (text: string) => (text === "" ? 0 : text.trimEnd().split("\n").length);

interface ResultProps {
  /** Of the function, where it is known. */
  readonly name: string | undefined;
  readonly text: string;
  /** How much there is, where its lines do not say. */
  readonly size?: string | undefined;
  readonly open?: boolean;
  /** What went wrong, in place of the name. */
  readonly title?: string | undefined;
  readonly failed: boolean;
}

/** What a call has given. */
export function ResultFold({ name, text, size, open = false, title, failed }: ResultProps) {
  const lines = linesOf(text);
  const count = size ?? (lines > 1 ? plural(lines, "line") : "");
  const length = bytes(new TextEncoder().encode(text).length);
  return (
    <Fold
      head={
        <span>
          {title ?? (name ? "Result of " : "Result")}
          {title === undefined && name && <code>{name}</code>}
        </span>
      }
      tail={<small class="pgw-num">{[count, length].filter(Boolean).join(", ")}</small>}
      label={name ? `Result of ${name}` : "Result"}
      text={text}
      open={open}
      failed={failed}
    />
  );
}
