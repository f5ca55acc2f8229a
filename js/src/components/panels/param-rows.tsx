// The parameters as rows, for whatever holds their edits: the conversation, or a variant of it.

import type { JSX } from "preact";
import { useView } from "../view.ts";
import { Segments } from "./choices.tsx";
import { ExtraRow, FormatRow } from "./json-rows.tsx";
import { NumberRow, Row, useEdits } from "./rows.tsx";
import { StopRow } from "./stop-row.tsx";
import { useUniqueId } from "./unique-id.ts";

const MOST = Number.MAX_SAFE_INTEGER;

export function SamplingRows(): JSX.Element {
  return (
    <>
      <NumberRow name="temperature" label="Temperature" min={0} max={2} step={0.1} unset="1.00" />
      <NumberRow name="top_p" label="Top p" min={0} max={1} step={0.05} unset="1.00" />
      <NumberRow name="max_tokens" label="Max tokens" min={1} max={MOST} whole unset="no limit" />
      <NumberRow name="seed" label="Seed" min={-MOST} max={MOST} whole unset="random" />
      <StopRow />
      <NumberRow
        name="frequency_penalty"
        label="Frequency penalty"
        min={-2}
        max={2}
        step={0.1}
        unset="0.00"
      />
      <NumberRow
        name="presence_penalty"
        label="Presence penalty"
        min={-2}
        max={2}
        step={0.1}
        unset="0.00"
      />
    </>
  );
}

export function AnswerRows(): JSX.Element {
  return (
    <>
      <EffortRow />
      <NumberRow name="logprobs" label="Logprobs" min={0} max={20} whole unset="off" />
      <FormatRow />
      <ExtraRow />
    </>
  );
}

const EFFORTS = ["none", "low", "medium", "high"];

function EffortRow(): JSX.Element {
  const view = useView();
  const edits = useEdits();
  const group = useUniqueId();
  const value = edits.value("reasoning_effort");
  // A service may have words of its own, which Python can set.
  const words =
    typeof value === "string" && !EFFORTS.includes(value) ? [...EFFORTS, value] : EFFORTS;
  return (
    <Row
      name="reasoning_effort"
      label="Reasoning effort"
      {...(value === undefined ? { hint: "left to the model" } : {})}
    >
      <Segments
        label="Reasoning effort"
        group={group}
        class="pgw-seg--fill pgw-wide"
        options={words.map((word) => ({ value: word, label: capital(word) }))}
        value={typeof value === "string" ? value : undefined}
        disabled={!view.writable.value}
        choose={(word) => {
          edits.set("reasoning_effort", word);
          void edits.flush();
        }}
      />
    </Row>
  );
}

const capital = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
