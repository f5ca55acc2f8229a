// What changed between two versions of the system prompt.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { IconButton } from "../controls.tsx";
import { when } from "../dates.ts";
import { plural } from "../format.ts";
import { type PromptVersion, promptVersions, versionName } from "../prompt-versions.ts";
import type { View } from "../view.ts";
import { ChangedText } from "./changed-text.tsx";
import { Dialog, DialogBody } from "./dialog.tsx";
import { wordDiff } from "./word-diff.ts";

interface DialogProps {
  readonly view: View;
  readonly from: number;
  readonly to: number;
}

export function VersionsDialog({ view, from: first, to: second }: DialogProps): JSX.Element {
  const versions = promptVersions(view.store.thread.value);
  const from = useSignal(first);
  const to = useSignal(second);
  const text = (number: number) => versions[number - 1]?.text ?? "";
  const before = text(from.value);
  const after = text(to.value);
  const runs = useMemo(() => wordDiff(before, after), [before, after]);
  return (
    <Dialog view={view} name="Compare versions" class="pgw-dialog--wide">
      <div class="pgw-versions">
        <VersionChoice label="From" versions={versions} chosen={from} first />
        <VersionChoice label="To" versions={versions} chosen={to} />
        <IconButton
          icon="swap"
          label="Swap the two"
          onClick={() => {
            const before = from.value;
            from.value = to.value;
            to.value = before;
          }}
        />
        <span class="pgw-spacer" />
        <small role="status">{changes(runs)}</small>
      </div>
      <DialogBody label="Changes" class="pgw-diff">
        <ChangedText runs={runs} />
        {runs.length === 0 && <span class="pgw-muted">Both are empty.</span>}
      </DialogBody>
    </Dialog>
  );
}

function VersionChoice({
  label,
  versions,
  chosen,
  first = false,
}: {
  readonly label: string;
  readonly versions: readonly PromptVersion[];
  readonly chosen: { value: number };
  readonly first?: boolean;
}): JSX.Element {
  const now = new Date();
  return (
    <label>
      {label}
      <select
        class="pgw-input"
        data-first={first || undefined}
        value={chosen.value}
        onChange={(event) => {
          chosen.value = Number(event.currentTarget.value);
        }}
      >
        {[...versions].reverse().map((version) => (
          <option key={version.number} value={version.number}>
            {optionName(version, now)}
          </option>
        ))}
      </select>
    </label>
  );
}

function optionName(version: PromptVersion, now: Date): string {
  const { number, created, current } = version;
  if (created === null) return versionName(version);
  return `v${number}, ${current ? "in use" : when(created, now)}`;
}

/** "4 words added, 2 removed"; words are what has letters or digits. */
export function changes(runs: ReturnType<typeof wordDiff>): string {
  const count = (kind: "added" | "removed") =>
    runs
      .filter((run) => run.kind === kind)
      .reduce((sum, { text }) => sum + (text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0), 0);
  if (runs.every(({ kind }) => kind === "same")) return "No changes";
  const [added, removed] = [count("added"), count("removed")];
  if (added === 0 && removed === 0) return "Only signs and spaces differ";
  if (removed === 0) return `${plural(added, "word")} added`;
  if (added === 0) return `${plural(removed, "word")} removed`;
  return `${plural(added, "word")} added, ${removed} removed`;
}
