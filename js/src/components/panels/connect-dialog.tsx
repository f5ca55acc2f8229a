// Adding or changing a key, or naming another server. The key goes to the peer's memory and
// nowhere else: it stands in no signal and no draft, and the field is emptied when it is sent.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { RequestError } from "../../store.ts";
import type { View } from "../view.ts";
import { Dialog } from "./dialog.tsx";

interface KeyDialogProps {
  readonly view: View;
  /** The connection that gets a key; `null` for a server that is not known yet. */
  readonly name: string | null;
  /** What to do once it is connected. */
  readonly then: (() => void) | undefined;
}

export function KeyDialog({ view, name, then }: KeyDialogProps): JSX.Element {
  const key = useRef<HTMLInputElement>(null);
  const url = useRef<HTMLInputElement>(null);
  const refused = useSignal("");
  const busy = useSignal(false);
  const { peer } = view.store;
  const label = name === null ? null : labelOf(view, name);
  const title = label === null ? "Connect to another server" : `Key for ${label}`;

  const connect = async () => {
    const dialog = view.top;
    const field = key.current;
    const address = url.current?.value.trim() ?? "";
    const secret = field?.value.trim() ?? "";
    if (field) field.value = "";
    busy.value = true;
    refused.value = "";
    try {
      await view.store.request({
        type: "connect",
        name: name ?? serverName(address),
        ...(secret ? { api_key: secret } : {}),
        ...(address ? { base_url: address } : {}),
      });
      // Whoever has closed it meanwhile does not want what comes after it.
      if (view.close(dialog)) then?.();
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      refused.value = error.message;
      field?.focus();
    } finally {
      busy.value = false;
    }
  };

  return (
    <Dialog view={view} name={title}>
      <form
        class="pgw-dialog__body pgw-form"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          void connect();
        }}
      >
        {name === null && (
          <label>
            Base URL
            <input
              ref={url}
              data-first
              class="pgw-input"
              name="base-url"
              type="url"
              required
              spellcheck={false}
              placeholder="http://localhost:11434/v1"
            />
          </label>
        )}
        <label>
          {name === null ? "API key, if it needs one" : "API key"}
          <input
            ref={key}
            {...(name === null ? {} : { "data-first": true, required: true })}
            class="pgw-input"
            name="api-key"
            type="password"
            autocomplete="off"
            spellcheck={false}
            data-1p-ignore
            data-lpignore="true"
          />
        </label>
        <small>
          The key stays in the {peer}’s memory until the {peer} stops. It is never saved
          {peer === "kernel" && " in the notebook"}.
        </small>
        {refused.value !== "" && <p role="alert">{refused.value}</p>}
        <div class="pgw-form__acts">
          <button type="button" class="pgw-btn pgw-btn--quiet" onClick={() => view.close()}>
            Cancel
          </button>
          <button type="submit" class="pgw-btn pgw-btn--primary" disabled={busy.value}>
            {name === null ? "Connect" : "Use this key"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function labelOf(view: View, name: string): string {
  const { connection, connections } = view.store.settings.value;
  if (connection.name === name) return connection.label;
  return connections.find((choice) => choice.name === name)?.label ?? "OpenAI";
}

/** The name of a server is its address: http://localhost:8000/v1 → localhost:8000. */
function serverName(address: string): string {
  try {
    return new URL(address).host || address;
  } catch {
    return address;
  }
}
