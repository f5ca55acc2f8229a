// What an export will be, as far as one looks: cells as a notebook shows them, files as text.

import type { JSX } from "preact";
import type { ExportCell, ExportFile } from "../../model.ts";
import { grouped } from "../format.ts";
import { MarkdownView } from "../markdown-view.tsx";
import { Code } from "./code.tsx";

/** Characters that are shown; what is inserted, copied or saved is always whole. */
const LENGTH = 20_000;

interface Shown {
  readonly cells: readonly ExportCell[];
  /** Whether there is more. */
  readonly cut: boolean;
}

/** As many cells as there is room for, the last one cut. */
export function shortened(cells: readonly ExportCell[], length = LENGTH): Shown {
  const shown: ExportCell[] = [];
  let left = length;
  for (const cell of cells) {
    if (left <= 0) return { cells: shown, cut: true };
    shown.push({ ...cell, source: cell.source.slice(0, left) });
    left -= Math.max(1, cell.source.length);
  }
  return { cells: shown, cut: left < 0 };
}

export function CellsPreview({ cells }: { cells: readonly ExportCell[] }): JSX.Element {
  const shown = shortened(cells);
  return (
    <>
      {shown.cells.map(({ type, source }, i) => (
        <div key={`${i} ${type}`} class="pgw-nbcell">
          <span aria-hidden="true">{type === "code" && "[ ]:"}</span>
          {type === "code" ? (
            <Code text={source} language="python" />
          ) : (
            <MarkdownView text={source} />
          )}
        </div>
      ))}
      {shown.cut && <p>The preview ends here. There are {grouped(cells.length)} cells in all.</p>}
    </>
  );
}

interface FileProps {
  readonly file: ExportFile;
  readonly language: string;
}

export function FilePreview({ file: { text }, language }: FileProps): JSX.Element {
  return (
    <div class="pgw-nbfile">
      <Code text={text.slice(0, LENGTH)} language={language} />
      {text.length > LENGTH && (
        <p>The preview ends here. The file has {grouped(text.length)} characters.</p>
      )}
    </div>
  );
}
