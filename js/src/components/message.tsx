// One message: its role in the gutter, its content, its line of figures, its actions.

import type { JSX } from "preact";
import type { Message } from "../model.ts";
import { startInsert } from "./actions.ts";
import { EditBox } from "./edit-box.tsx";
import { ErrorNote } from "./error-note.tsx";
import { Footer, hasFooter, LiveFooter } from "./footer.tsx";
import { Icon, RoleMark } from "./icons.tsx";
import { InvalidNote } from "./invalid-note.tsx";
import { memo } from "./memo.ts";
import { MessageActions, MessageMore } from "./message-actions.tsx";
import { Tokens } from "./open-panel.tsx";
import { Parts } from "./parts.tsx";
import { RetryNote } from "./retry-note.tsx";
import { ToolResult } from "./tools.tsx";
import { useView } from "./view.ts";

interface MessageRowProps {
  readonly message: Message;
  readonly current: boolean;
  /** Whether Tab goes here. */
  readonly stop: boolean;
  /** Whether an edit before it would replace it. */
  readonly off: boolean;
  readonly editing: boolean;
  readonly first: boolean;
}

/** Renders again only when its own message or place changes, never for a delta. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps): JSX.Element {
  const { message, current, stop, off, editing, first } = props;
  const view = useView();
  const { role, status } = message;
  const classes = ["pgw-msg", `pgw-msg--${role}`];
  if (current) classes.push("is-current");
  if (off) classes.push("is-off");
  if (first) classes.push("is-first");
  if (status === "streaming") classes.push("is-streaming");
  const writable = view.writable.value;

  return (
    <article
      class={classes.join(" ")}
      data-id={message.id}
      tabIndex={stop ? 0 : -1}
      aria-label={editing ? `Editing a message of ${role}` : `${role} message`}
    >
      {editing ? (
        <EditBox message={message} />
      ) : (
        <>
          <div class="pgw-role">
            <RoleMark of={role} />
            {role}
            {writable && !hasFooter(view, message) && <MessageMore message={message} />}
          </div>
          <div class="pgw-cell">
            <Content message={message} />
          </div>
          {view.store.status.value !== "saved" && <MessageActions message={message} stop={stop} />}
          {writable && (
            <div class="pgw-insert">
              <button
                type="button"
                tabIndex={-1}
                aria-label="Insert a message after this one"
                onClick={() => startInsert(view, message, "after")}
              >
                <Icon name="plus" small />
                Message
              </button>
            </div>
          )}
        </>
      )}
    </article>
  );
});

/** A model may end without having said anything. */
function isEmpty({ role, status, content }: Message): boolean {
  const silent = content.every((part) => part.type === "text" && part.text === "");
  return role === "assistant" && status === "complete" && silent;
}

function Content({ message }: { message: Message }): JSX.Element {
  const view = useView();
  const live = message.status === "streaming" ? view.store.live(message.id) : undefined;
  if (message.role === "tool") {
    return (
      <>
        <ToolResult message={message} />
        <Footer message={message} />
      </>
    );
  }
  return (
    <>
      {view.asTokens.value.has(message.id) ? (
        <Tokens message={message} />
      ) : (
        <Parts message={message} live={live} />
      )}
      {isEmpty(message) && <p class="pgw-muted">The answer is empty.</p>}
      {message.retry && message.status === "streaming" && <RetryNote retry={message.retry} />}
      {message.error && message.status === "failed" && (
        <ErrorNote message={message} error={message.error} />
      )}
      {message.invalid !== undefined && <InvalidNote message={message} />}
      {live ? <LiveFooter message={message} live={live} /> : <Footer message={message} />}
    </>
  );
}
