// The code that asks for what an answer was asked with, or the next one will be.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { CodeLanguage } from "../../protocol.ts";
import { copyAndTell } from "../clipboard.ts";
import { Icon } from "../icons.tsx";
import type { View } from "../view.ts";
import { useAsked } from "./asked.ts";
import { Segments } from "./choices.tsx";
import { Code } from "./code.tsx";
import { Dialog, DialogBody } from "./dialog.tsx";
import { parseCode } from "./results.ts";
import { useUniqueId } from "./unique-id.ts";

const LANGUAGES = [
  { value: "python", label: "Python", highlight: "python" },
  { value: "curl", label: "cURL", highlight: "bash" },
] as const;

interface CodeDialogProps {
  readonly view: View;
  /** Without one it is the code of what would be sent now. */
  readonly message: string | null;
}

export function openCode(view: View, opener: HTMLElement, message: string | null): void {
  view.openDialog(opener, () => <CodeDialog view={view} message={message} />);
}

export function CodeDialog({ view, message }: CodeDialogProps): JSX.Element {
  const language = useSignal<CodeLanguage>("python");
  const group = useUniqueId();
  const { value } = language;
  const body = { type: "code", language: value, message } as const;
  const asked = useAsked(view, value, body, (result) => ({ value, text: parseCode(result) })).value;
  // The code of the other language stays until this one has come, so that nothing jumps.
  const shown = asked.state === "here" ? asked.value : undefined;
  const highlight = LANGUAGES.find((each) => each.value === shown?.value)?.highlight ?? "";
  return (
    <Dialog
      view={view}
      name="Code"
      class="pgw-codeview"
      beside={
        <>
          <Segments
            label="Language"
            group={group}
            options={LANGUAGES}
            value={value}
            first
            choose={(next) => {
              language.value = next as CodeLanguage;
            }}
          />
          <span class="pgw-spacer" />
        </>
      }
    >
      <DialogBody label="Code">
        {asked.state === "refused" && <p role="alert">{asked.words}</p>}
        {shown && <Code text={shown.text} language={highlight} />}
      </DialogBody>
      <div class="pgw-dialog__foot">
        <small>
          <Icon name="key" small />
          {message === null ? "What would be sent now." : "What this answer was asked with."} The
          key is read from the environment.
        </small>
        <span class="pgw-spacer" />
        <button
          type="button"
          class="pgw-btn pgw-btn--primary"
          disabled={!shown}
          onClick={() => shown && void copyAndTell(view, shown.text)}
        >
          <Icon name="copy" small />
          Copy
        </button>
      </div>
    </Dialog>
  );
}
