// What went wrong in a run: what happened, what was kept, what can be done.

import type { JSX } from "preact";
import type { ErrorAction, ErrorInfo, Message } from "../model.ts";
import { continueAnswer, regenerate } from "./actions.ts";
import { keyedName } from "./connection.tsx";
import { compact } from "./format.ts";
import type { IconName } from "./icons.tsx";
import { Note } from "./note.tsx";
import { openKeyDialog } from "./open-panel.tsx";
import { paramName } from "./param-names.ts";
import { useView, type View } from "./view.ts";

const ICONS: Readonly<Record<string, IconName>> = {
  rate_limited: "clock",
  timeout: "clock",
  key_refused: "key",
  no_permission: "key",
  quota: "key",
};

export function iconOf({ kind }: ErrorInfo, otherwise: IconName): IconName {
  return ICONS[kind] ?? otherwise;
}

/** What passes by itself or kept its text is a warning; what needs a change is an error. */
const WARNINGS = new Set(["rate_limited", "dropped", "timeout", "server", "connection"]);

export function ErrorNote({ message, error }: { message: Message; error: ErrorInfo }): JSX.Element {
  const view = useView();
  const tone = WARNINGS.has(error.kind) ? "warn" : "error";
  return (
    <Note tone={tone} title={error.title} icon={iconOf(error, "alert")}>
      {error.detail && (
        <p>
          <Detail error={error} />
        </p>
      )}
      {error.breakdown && error.breakdown.length > 0 && <Breakdown parts={error.breakdown} />}
      {view.writable.value && view.running.value === null && error.actions.length > 0 && (
        <div class="pgw-note__acts">
          {error.actions.map((action, i) => (
            <button
              key={action}
              type="button"
              class={`pgw-btn ${i === 0 ? "pgw-btn--line" : "pgw-btn--quiet"}`}
              onClick={(event) => act(view, message, error, action, event.currentTarget)}
            >
              {actionLabel(view, error, action)}
            </button>
          ))}
        </div>
      )}
    </Note>
  );
}

/** The words as they came, with the end of the key and the variable it came from set as code. */
function Detail({ error }: { error: ErrorInfo }): JSX.Element {
  const names = [error.key_tail && `…${error.key_tail}`, error.key_source].filter(
    (name): name is string => !!name && !name.includes(" ") && error.detail.includes(name),
  );
  if (names.length === 0) return <>{error.detail}</>;
  const cut = new RegExp(`(${names.map(escaped).join("|")})`);
  return (
    <>
      {error.detail.split(cut).map((piece, i) =>
        names.includes(piece) ? (
          <span key={i} class="pgw-mono">
            {piece}
          </span>
        ) : (
          piece
        ),
      )}
    </>
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** How the tokens of a request that is too long are spread. */
function Breakdown({ parts }: { parts: NonNullable<ErrorInfo["breakdown"]> }): JSX.Element {
  const total = Math.max(
    1,
    parts.reduce((sum, part) => sum + part.tokens, 0),
  );
  const tone = (i: number) => (i > 1 && i === parts.length - 1 ? "last" : Math.min(i, 2));
  const words = parts.map(({ label, tokens }) => `${label} ${compact(tokens)}`);
  return (
    <>
      <div class="pgw-fill" role="img" aria-label={`Tokens: ${words.join(", ")}`}>
        {parts.map(({ tokens }, i) => (
          <i
            key={i}
            class={`pgw-part-${tone(i)}`}
            style={{ width: `${((100 * tokens) / total).toFixed(1)}%` }}
          />
        ))}
      </div>
      <div class="pgw-legend" aria-hidden="true">
        {words.map((each, i) => (
          <span key={i}>
            <i class={`pgw-part-${tone(i)}`} />
            {each}
          </span>
        ))}
      </div>
    </>
  );
}

function actionLabel(view: View, error: ErrorInfo, action: ErrorAction): string {
  switch (action) {
    case "retry":
      return "Try again";
    case "regenerate":
      return "Regenerate";
    case "continue":
      return "Continue";
    case "change_key":
      return error.key_tail === undefined ? "Add a key" : "Change key";
    case "use_demo":
      return "Use the demo model";
    case "leave_out": {
      const count = error.leave_out ?? 1;
      return count === 1
        ? "Leave out the oldest message"
        : `Leave out the oldest ${count} messages`;
    }
    case "use_model": {
      const id = error.suggest_model ?? "";
      const known = view.store.settings.value.models.find((model) => model.id === id);
      return known?.context ? `Use ${id} (${compact(known.context)})` : `Use ${id}`;
    }
    case "go_on":
      return "Make the calls";
    case "without":
      return `Ask again without ${paramName(error.param ?? "")}`;
  }
}

async function act(
  view: View,
  message: Message,
  error: ErrorInfo,
  action: ErrorAction,
  button: HTMLElement,
): Promise<void> {
  switch (action) {
    case "retry":
    case "regenerate":
      regenerate(view, message);
      break;
    case "continue":
      continueAnswer(view, message);
      break;
    case "change_key":
      void openKeyDialog(view, button, keyedName(view), () => regenerate(view, message));
      break;
    case "use_demo":
      if (await view.ask({ type: "connect", name: "demo" })) regenerate(view, message);
      break;
    case "leave_out": {
      // The failed answer goes too, so that the path ends with the question that is asked again.
      const path = view.store.path.value.filter(({ id }) => id !== message.id);
      const oldest = path.slice(0, error.leave_out ?? 1).map(({ id }) => id);
      await view.ask({ type: "delete", messages: [...oldest, message.id], rerun: true });
      break;
    }
    case "use_model":
      if (error.suggest_model && (await view.ask({ type: "set", model: error.suggest_model }))) {
        regenerate(view, message);
      }
      break;
    case "go_on":
      // An answer at the end of the path whose calls are open: they are made, and answered.
      await view.ask({ type: "run" });
      break;
    case "without":
      if (error.param && (await view.ask({ type: "set", params: { [error.param]: null } }))) {
        regenerate(view, message);
      }
      break;
  }
}
