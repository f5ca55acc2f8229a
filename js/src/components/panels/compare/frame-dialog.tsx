// The answers for Python, or as a file.

import type { JSX } from "preact";
import { parseExportCells, parseExportFile } from "../../../protocol.ts";
import { insertCells } from "../../actions.ts";
import { copyAndTell } from "../../clipboard.ts";
import { Icon } from "../../icons.tsx";
import type { View } from "../../view.ts";
import { Code } from "../code.tsx";
import { Dialog } from "../dialog.tsx";
import { download } from "../download.ts";
import { compareState } from "./state.ts";

export function openFrame(view: View, opener: HTMLElement): void {
  view.openDialog(opener, () => <FrameDialog view={view} />);
}

/** What gets the answers in Python. */
export function frameCode(name: string): string {
  return `frame = pg.comparison(${JSON.stringify(name)}).to_frame()`;
}

function FrameDialog({ view }: { readonly view: View }): JSX.Element | null {
  const facts = compareState(view).compared.shown.value?.facts.value;
  if (!facts) return null;
  const { id: comparison, name } = facts;
  const code = frameCode(name);
  const save = async (format: "csv" | "html") => {
    const asked = { type: "export_comparison", comparison, format } as const;
    const dialog = view.top;
    const file = await view.ask(asked, parseExportFile);
    if (!file || !view.close(dialog)) return;
    download(file, view.host.root);
    view.toast.value = { text: `Saved as ${file.name}` };
  };
  const insert = async () => {
    const asked = { type: "export_comparison", comparison, format: "cells" } as const;
    const dialog = view.top;
    const cells = await view.ask(asked, parseExportCells);
    if (!cells || !view.close(dialog)) return;
    await insertCells(view, cells);
  };
  return (
    <Dialog view={view} name="To DataFrame">
      <div class="pgw-dialog__body pgw-frame-code">
        <p>One row for each answer, with its scores, times and cost.</p>
        <Code text={code} language="python" />
        <div class="pgw-form__acts">
          <button type="button" class="pgw-btn pgw-btn--quiet" onClick={() => void save("csv")}>
            Download CSV
          </button>
          <button type="button" class="pgw-btn pgw-btn--quiet" onClick={() => void save("html")}>
            Download HTML
          </button>
          <span class="pgw-spacer" />
          {view.host.insertCells && (
            <button type="button" class="pgw-btn pgw-btn--line" onClick={() => void insert()}>
              <Icon name="cell" small />
              Insert as a cell
            </button>
          )}
          <button
            type="button"
            class="pgw-btn pgw-btn--primary"
            data-first
            onClick={() => void copyAndTell(view, code)}
          >
            <Icon name="copy" small />
            Copy
          </button>
        </div>
      </div>
    </Dialog>
  );
}
