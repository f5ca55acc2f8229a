// Export: into the notebook, as a file, or as code; with a preview of what it will be.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ExportCell, ExportFile } from "../../model.ts";
import {
  type ExportFormat,
  type ExportStyle,
  parseExportCells,
  parseExportFile,
  type RequestBody,
} from "../../protocol.ts";
import { RequestError } from "../../store.ts";
import { insertCells } from "../actions.ts";
import { copyAndTell } from "../clipboard.ts";
import { Kbd } from "../controls.tsx";
import { plural } from "../format.ts";
import { useOnce } from "../hooks.ts";
import { Icon } from "../icons.tsx";
import { quoted } from "../thread-actions.ts";
import type { View } from "../view.ts";
import { Check, Radio } from "./choices.tsx";
import { Dialog } from "./dialog.tsx";
import { download } from "./download.ts";
import {
  FORMATS,
  hasCells,
  OPTION_LABELS,
  type Option,
  optionsOf,
  STYLES,
} from "./export-formats.ts";
import { CellsPreview, FilePreview } from "./export-preview.tsx";
import { useUniqueId } from "./unique-id.ts";

/** What was made: cells, or a file. */
type Made = { readonly cells: readonly ExportCell[] } | { readonly file: ExportFile };

const DEFAULTS: Readonly<Record<Option, boolean>> = {
  system: true,
  params: true,
  answers: true,
  branches: false,
  code_cells: false,
};

interface Choice {
  readonly format: ExportFormat;
  readonly style: ExportStyle;
  readonly options: Readonly<Record<Option, boolean>>;
}

function requestFor({ format, style, options }: Choice): RequestBody & { readonly type: "export" } {
  const chosen = optionsOf(format, style).map((name) => [name, options[name]]);
  return {
    type: "export",
    format,
    ...(hasCells(format) ? { style } : {}),
    ...Object.fromEntries(chosen),
  };
}

export function ExportDialog({ view }: { view: View }): JSX.Element {
  const formats = FORMATS.filter(({ format }) => format !== "cells" || view.host.insertCells);
  const choice = useSignal<Choice>({
    format: formats[0]?.format ?? "ipynb",
    style: "openai",
    options: DEFAULTS,
  });
  const made = useSignal<Made | null>(null);
  const refused = useSignal("");
  const latest = useRef<Promise<Made> | null>(null);
  const group = useUniqueId();

  /** Asks at once, so that whoever acts at once waits for this and not for what was before. */
  const choose = (change: Partial<Choice>) => {
    choice.value = { ...choice.peek(), ...change };
    const { format } = choice.peek();
    // A notebook is looked at as its cells; its file is asked for when it is wanted.
    const asked = make(view, {
      ...choice.peek(),
      format: format === "ipynb" ? "cells" : format,
    });
    latest.current = asked;
    asked.then(
      (result) => {
        if (latest.current !== asked) return;
        made.value = result;
        refused.value = "";
      },
      (error: unknown) => {
        if (latest.current === asked) refused.value = wordsOf(error);
      },
    );
  };
  useEffect(() => choose({}), []);

  const { format, style, options } = choice.value;
  const { noun, language } = FORMATS.find((each) => each.format === format) ?? {};

  /** What is chosen now, once it is there; what was refused is said below. */
  const wanted = async (): Promise<Made | undefined> => {
    try {
      return await (format === "ipynb" ? make(view, choice.value) : (latest.current ?? undefined));
    } catch (error) {
      refused.value = wordsOf(error);
      return undefined;
    }
  };
  const [act] = useOnce(async () => {
    const dialog = view.top;
    const result = await wanted();
    if (!result || !view.close(dialog)) return;
    if ("cells" in result) await insertCells(view, result.cells);
    else {
      download(result.file, view.host.root);
      view.toast.value = { text: `Saved as ${result.file.name}` };
    }
  });
  const copyIt = async () => {
    const result = await wanted();
    if (!result) return;
    await copyAndTell(view, "cells" in result ? percentScript(result.cells) : result.file.text);
  };

  const checks = optionsOf(format, style);
  const check = (name: Option) => (
    <Check
      key={name}
      label={OPTION_LABELS[name]}
      checked={options[name]}
      change={(on) => choose({ options: { ...options, [name]: on } })}
    />
  );
  const count = made.value && "cells" in made.value ? made.value.cells.length : null;
  return (
    <Dialog
      view={view}
      name="Export"
      title={`Export ${quoted(view.store.thread.value.title)}`}
      class="pgw-export"
      onKeyDown={(event) => {
        if (event.key !== "Enter" || (event.target as Element).closest("button, a")) return;
        event.preventDefault();
        void act();
      }}
    >
      <div class="pgw-export__body">
        <div class="pgw-export__side" role="radiogroup" aria-label="Format">
          {formats.flatMap((each, i) => [
            each.group !== formats[i - 1]?.group && <h3 key={each.group}>{each.group}</h3>,
            <Radio
              key={each.format}
              group={`${group}-format`}
              checked={each.format === format}
              first={each.format === format}
              choose={() => choose({ format: each.format })}
            >
              <Icon name={each.icon} />
              {each.label}
            </Radio>,
          ])}
          {view.host.page && <p>Cells can be inserted from a notebook.</p>}
        </div>
        <div class="pgw-export__main">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
          <section class="pgw-preview" aria-label="Preview" tabIndex={0}>
            {refused.value !== "" ? (
              <p role="alert">{refused.value}</p>
            ) : (
              made.value &&
              ("cells" in made.value ? (
                <CellsPreview cells={made.value.cells} />
              ) : (
                <FilePreview file={made.value.file} language={language ?? ""} />
              ))
            )}
          </section>
          <div class="pgw-export__options">
            {hasCells(format) && (
              <div>
                <div class="pgw-seg" role="radiogroup" aria-label="Style">
                  {STYLES.map((each) => (
                    <Radio
                      key={each.style}
                      group={`${group}-style`}
                      checked={each.style === style}
                      choose={() => choose({ style: each.style })}
                    >
                      {each.label}
                    </Radio>
                  ))}
                </div>
                {checks.filter((name) => name === "code_cells").map(check)}
              </div>
            )}
            <div>{checks.filter((name) => name !== "code_cells").map(check)}</div>
          </div>
        </div>
      </div>
      <div class="pgw-dialog__foot">
        <small>
          <Icon name="key" small />
          Keys are never written to a file.
        </small>
        <span class="pgw-spacer" />
        <button type="button" class="pgw-btn pgw-btn--line" onClick={() => void copyIt()}>
          <Icon name="copy" small />
          Copy
        </button>
        <button
          type="button"
          class="pgw-btn pgw-btn--primary"
          aria-keyshortcuts="Enter"
          onClick={() => void act()}
        >
          {format !== "cells"
            ? `Download ${noun}`
            : `Insert ${count === null ? "cells" : plural(count, "cell")}`}
          <Kbd>↵</Kbd>
        </button>
      </div>
    </Dialog>
  );
}

async function make(view: View, choice: Choice): Promise<Made> {
  const request = requestFor(choice);
  return choice.format === "cells"
    ? { cells: await view.store.request(request, parseExportCells) }
    : { file: await view.store.request(request, parseExportFile) };
}

function wordsOf(error: unknown): string {
  if (!(error instanceof RequestError)) throw error;
  return error.message;
}

/** Cells as one text, in the percent format that editors and Jupytext read. */
export function percentScript(cells: readonly ExportCell[]): string {
  const parts = cells.map(({ type, source }) => {
    if (type === "code") return `# %%\n${source}`;
    const words = source.split("\n").map((line) => (line === "" ? "#" : `# ${line}`));
    return ["# %% [markdown]", ...words].join("\n");
  });
  return `${parts.join("\n\n")}\n`;
}
