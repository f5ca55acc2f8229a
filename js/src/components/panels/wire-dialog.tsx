// What was sent for an answer and what came: the request, the attempts, the raw chunks.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { copyAndTell } from "../clipboard.ts";
import { grouped, plural, seconds } from "../format.ts";
import { Icon } from "../icons.tsx";
import type { View } from "../view.ts";
import { useAsked } from "./asked.ts";
import { Segments } from "./choices.tsx";
import { Code } from "./code.tsx";
import { Dialog, DialogBody } from "./dialog.tsx";
import { MoreButton } from "./more-button.tsx";
import { type Attempt, type Chunk, parseWire, type Wire } from "./results.ts";
import { useUniqueId } from "./unique-id.ts";

/** Characters of a request that are shown; what is copied is whole. */
const LENGTH = 40_000;
/** How many chunks are shown at a time: a long answer has tens of thousands. */
const PAGE = 200;

type Part = "request" | "attempts" | "chunks";

interface WireDialogProps {
  readonly view: View;
  readonly message: string;
}

export function WireDialog({ view, message }: WireDialogProps): JSX.Element {
  const part = useSignal<Part>("request");
  const group = useUniqueId();
  const asked = useAsked(view, message, { type: "wire", message }, parseWire).value;
  const wire = asked.state === "here" ? asked.value : undefined;
  const options = [
    { value: "request", label: "Request" },
    { value: "attempts", label: wire ? counted("Attempts", wire.attempts.length) : "Attempts" },
    {
      value: "chunks",
      label: wire ? counted("Chunks", wire.chunks.length + wire.omitted) : "Chunks",
    },
  ];
  return (
    <Dialog view={view} name="What was sent" class="pgw-wire">
      <div class="pgw-wire__parts">
        <Segments
          label="Part"
          group={group}
          options={options}
          value={part.value}
          first
          choose={(next) => {
            part.value = next as Part;
          }}
        />
      </div>
      <DialogBody label={part.value}>
        {asked.state === "refused" && <p role="alert">{asked.words}</p>}
        {wire && part.value === "request" && <RequestView wire={wire} />}
        {wire && part.value === "attempts" && <Attempts attempts={wire.attempts} />}
        {wire && part.value === "chunks" && <Chunks wire={wire} />}
      </DialogBody>
      <div class="pgw-dialog__foot">
        <small>
          <Icon name="key" small />
          Headers and keys are not kept.
        </small>
        <span class="pgw-spacer" />
        <button
          type="button"
          class="pgw-btn pgw-btn--line"
          disabled={!wire}
          onClick={() => wire && void copyAndTell(view, textOf(wire, part.value))}
        >
          <Icon name="copy" small />
          Copy {part.value}
        </button>
      </div>
    </Dialog>
  );
}

const counted = (label: string, count: number) => `${label} ${grouped(count)}`;

/** What the copy button copies: what is open, whole. */
export function textOf({ request, attempts, chunks }: Wire, part: Part): string {
  if (part === "request") return JSON.stringify(request.body, null, 2);
  if (part === "attempts") return JSON.stringify(attempts, null, 2);
  return chunks.map(({ text }) => `${text}\n`).join("");
}

function RequestView({ wire: { request, rebuilt } }: { wire: Wire }): JSX.Element {
  const text = JSON.stringify(request.body, null, 2);
  return (
    <>
      <p class="pgw-wire__line">
        <b>{request.method}</b> {request.url}
      </p>
      {rebuilt && (
        <p class="pgw-wire__said">
          This request was not kept as it was sent. It is rebuilt from what is stored.
        </p>
      )}
      <Code text={text.slice(0, LENGTH)} language="json" />
      {text.length > LENGTH && (
        <p class="pgw-wire__said">
          This is the beginning. The request has {grouped(text.length)} characters; Copy takes all.
        </p>
      )}
    </>
  );
}

function Attempts({ attempts }: { attempts: readonly Attempt[] }): JSX.Element {
  if (attempts.length === 0) {
    return <p class="pgw-wire__said">How often it was asked is not kept for this answer.</p>;
  }
  return (
    <ol class="pgw-wire__attempts">
      {attempts.map(({ at, wait, status, request_id: id, error }, i) => (
        <li key={i}>
          <span class="pgw-num">{seconds(at)}</span>
          <div>
            <b>{status === null ? "No response" : `HTTP ${status}`}</b>
            {id !== null && (
              <>
                {" "}
                request <code>{id}</code>
              </>
            )}
            {error !== null && <p>{error}</p>}
            {wait !== null && <p>Tried again after {seconds(wait)}.</p>}
          </div>
        </li>
      ))}
    </ol>
  );
}

function Chunks({ wire: { chunks, omitted, recorded } }: { wire: Wire }): JSX.Element {
  const shown = useSignal(PAGE);
  return (
    <>
      {chunks.length === 0 && (
        <p class="pgw-wire__said">
          {recorded
            ? "No chunks came."
            : "The chunks of this answer are not kept. With record=True they are, for good."}
        </p>
      )}
      <ol class="pgw-wire__chunks">
        {chunks.slice(0, shown.value).map((chunk, i) => (
          <ChunkRow key={i} chunk={chunk} />
        ))}
      </ol>
      <MoreButton shown={shown} all={chunks.length} page={PAGE} />
      {omitted > 0 && (
        <p class="pgw-wire__said">{plural(omitted, "more chunk")} came and are not kept.</p>
      )}
    </>
  );
}

function ChunkRow({ chunk: { at, text } }: { chunk: Chunk }): JSX.Element {
  return (
    <li>
      <span class="pgw-num">{at.toFixed(3)}</span>
      <code>{text}</code>
    </li>
  );
}
