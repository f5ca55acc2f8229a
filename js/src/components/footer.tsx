// The line below an answer: versions and figures when it is finished, live speed while it grows.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Message } from "../model.ts";
import type { Live } from "../store.ts";
import { continueAnswer, otherVersion, regenerate } from "./actions.ts";
import { ChangedMark } from "./changed-mark.tsx";
import { IconButton } from "./controls.tsx";
import { figures } from "./figures.ts";
import { plural, rate, seconds } from "./format.ts";
import { MessageMore } from "./message-actions.tsx";
import { openWire } from "./open-panel.tsx";
import { SpeedMeter } from "./speed.ts";
import { useView, type View } from "./view.ts";

/** ‹ 2/3 ›, wherever versions part. */
export function Branch({ message }: { message: Message }): JSX.Element | null {
  const view = useView();
  const versions = view.store.versions(message.id);
  if (versions.length < 2) return null;
  const at = versions.indexOf(message.id) + 1;
  const label = `Version ${at} of ${versions.length}`;
  if (!view.writable.value) return <span>{label}</span>;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is a box of form fields
    <span class="pgw-branch" role="group" aria-label={label}>
      <IconButton
        icon="left"
        label="Previous version"
        small
        disabled={at === 1}
        onClick={() => otherVersion(view, message, -1)}
      />
      <span>
        {at}/{versions.length}
      </span>
      <IconButton
        icon="right"
        label="Next version"
        small
        disabled={at === versions.length}
        onClick={() => otherVersion(view, message, 1)}
      />
    </span>
  );
}

const stopped = ({ status }: Message) => status === "cancelled" || status === "interrupted";

/** Whether there is anything to say below a message. */
export function hasFooter(view: View, message: Message): boolean {
  if (message.status === "streaming") return false;
  if (view.store.versions(message.id).length > 1) return true;
  if (message.role !== "assistant" || message.status === "failed") return false;
  return stopped(message) || figures(message).length > 0;
}

export function Footer({ message }: { message: Message }): JSX.Element | null {
  const view = useView();
  if (!hasFooter(view, message)) return null;
  const found = message.status === "failed" ? [] : figures(message);
  return (
    <div class={`pgw-foot${stopped(message) ? "" : " pgw-foot--line"}`}>
      <Branch message={message} />
      {stopped(message) ? (
        <StoppedLine message={message} />
      ) : (
        found.length > 0 && (
          <Figures message={message}>
            {found.map(({ name, strong, text }) => (
              <span key={name}>
                {strong && <b>{strong}</b>}
                {strong && " "}
                {name === "first" ? <span class="pgw-hide-s">{text}</span> : text}
              </span>
            ))}
          </Figures>
        )
      )}
      <ChangedMark message={message} />
      {view.writable.value && <MessageMore message={message} />}
    </div>
  );
}

/** The figures of an answer; they open what was sent for it. */
function Figures({ message, children }: { message: Message; children: ComponentChildren }) {
  const view = useView();
  if (!view.live.value) return <span class="pgw-figures">{children}</span>;
  return (
    <button
      type="button"
      class="pgw-figures"
      title="What was sent"
      aria-haspopup="dialog"
      onClick={(event) => void openWire(view, event.currentTarget, message.id)}
    >
      {children}
    </button>
  );
}

function StoppedLine({ message }: { message: Message }): JSX.Element {
  const view = useView();
  return (
    <>
      <span>{stoppedWords(message)}</span>
      {view.writable.value && view.running.value === null && (
        <span>
          {hasText(message) && (
            <button
              type="button"
              class="pgw-btn pgw-btn--s"
              onClick={() => continueAnswer(view, message)}
            >
              Continue
            </button>
          )}
          <button
            type="button"
            class="pgw-btn pgw-btn--s pgw-btn--quiet"
            onClick={() => regenerate(view, message)}
          >
            Regenerate
          </button>
        </span>
      )}
    </>
  );
}

function hasText(message: Message): boolean {
  return message.content.some((part) => part.type === "text" && part.text !== "");
}

/** What happened and what was kept. */
export function stoppedWords(message: Message): string {
  const how = message.status === "interrupted" ? "Interrupted" : "Stopped";
  if (!hasText(message)) return `${how} before the first token.`;
  const count = message.usage?.output_tokens ?? message.tokens;
  return `${how}${count ? ` after ${plural(count, "token")}` : ""}. The text is kept.`;
}

/** How often the figures of a growing answer change, in milliseconds. */
const PERIOD = 250;

interface LiveProps {
  readonly message: Message;
  readonly live: Live;
}

export function LiveFooter({ message, live }: LiveProps): JSX.Element | null {
  const [meter] = useState(() => new SpeedMeter());
  const [shown, show] = useState({ tokens: 0, speed: "", path: "" });

  useEffect(() => {
    const read = () => {
      meter.sample(performance.now(), live.tokens);
      const { perSecond } = meter;
      show({
        tokens: live.tokens,
        speed: perSecond ? rate(perSecond) : "",
        path: meter.path(84, 16),
      });
    };
    read();
    const timer = setInterval(read, PERIOD);
    return () => clearInterval(timer);
  }, [live, meter]);

  // While it waits or thinks, the line above says so.
  const writing = live.parts.at(-1);
  if (!writing || writing.type === "reasoning") return null;
  const { firstTextAt, startedAt } = live;
  // A page that came late to this answer does not know how long its first token took.
  const first = firstTextAt === null ? 0 : (firstTextAt - startedAt) / 1000;
  return (
    <div class="pgw-foot">
      <Branch message={message} />
      <span class="pgw-live">Writing</span>
      {first > 0 && (
        <span>
          <b>{seconds(first)}</b> <span class="pgw-hide-s">to first token</span>
        </span>
      )}
      {shown.speed && (
        <span class="pgw-speed">
          <svg class="pgw-spark pgw-hide-s" viewBox="0 0 84 16" aria-hidden="true">
            <path d={shown.path} />
          </svg>
          <span>
            <b>{shown.speed}</b> tok/s
          </span>
        </span>
      )}
      {shown.tokens > 0 && <span>{plural(shown.tokens, "token")}</span>}
    </div>
  );
}
