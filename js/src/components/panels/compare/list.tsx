// The comparisons that were made, newest first: below the list of threads.

import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import type { ComparisonRow } from "../../../comparison/model.ts";
import { parseComparisons } from "../../../comparison/protocol.ts";
import { RequestError } from "../../../store.ts";
import { grouped, plural } from "../../format.ts";
import type { MenuItem } from "../../menu.tsx";
import { MenuButton } from "../../menu-button.tsx";
import { showCompare } from "../../open-panel.tsx";
import { useView, type View } from "../../view.ts";
import { Dialog } from "../dialog.tsx";
import { openRename } from "./rename.tsx";

export function ComparisonsList(): JSX.Element {
  const view = useView();
  const { store } = view;
  const rows = useSignal<readonly ComparisonRow[] | null>(null);
  const failed = useSignal("");
  const shown = useComputed(() => store.settings.value.comparison);
  const load = async () => {
    try {
      rows.value = await store.request({ type: "comparisons" }, parseComparisons);
      failed.value = "";
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      failed.value = error.message;
    }
  };
  useSignalEffect(() => {
    shown.value;
    void load();
  });
  const open = async (comparison: string) => {
    if (!(await view.ask({ type: "open_comparison", comparison }))) return;
    if (view.covered.peek()) view.drawer.value = false;
    await showCompare(view);
  };
  if (failed.value !== "") return <p role="alert">{failed.value}</p>;
  if (rows.value?.length === 0) return <p>There are none yet. Run variants in Compare.</p>;
  return (
    <ul>
      {rows.value?.map((row) => (
        <li key={row.id} class={row.id === shown.value ? "pgw-thread is-current" : "pgw-thread"}>
          <button
            type="button"
            class="pgw-thread__open"
            aria-current={row.id === shown.value ? "true" : undefined}
            title={facts(row)}
            onClick={() => void open(row.id)}
          >
            <span>{row.name}</span>
            <small>{row.status === "complete" ? plural(row.rows, "row") : far(row)}</small>
          </button>
          <MenuButton
            icon="more"
            label={`More about “${row.name}”`}
            small
            items={() => items(view, row, () => void load())}
          />
        </li>
      ))}
    </ul>
  );
}

const far = ({ done, cells }: ComparisonRow) => `${grouped(done)}/${grouped(cells)}`;

function facts(row: ComparisonRow): string {
  const size = `${plural(row.rows, "row")} × ${plural(row.variants, "variant")}`;
  return `${row.name}\n${size}, ${far(row)} answers, ${row.status}`;
}

function items(view: View, row: ComparisonRow, changed: () => void): readonly MenuItem[] {
  return [
    { label: "Rename", icon: "edit", run: () => openRename(view, row, changed) },
    {
      label: "Delete",
      icon: "trash",
      danger: true,
      run: () => {
        const { root } = view.host;
        const opener = root.querySelector<HTMLElement>(".pgw-comparisons > button") ?? root;
        view.openDialog(opener, () => <DeleteDialog view={view} row={row} done={changed} />);
      },
    },
  ];
}

interface DeleteProps {
  readonly view: View;
  readonly row: ComparisonRow;
  readonly done: () => void;
}

function DeleteDialog({ view, row, done }: DeleteProps): JSX.Element {
  const title = `Delete “${row.name}”`;
  const remove = async () => {
    view.close();
    if (await view.ask({ type: "delete_comparison", comparison: row.id })) done();
  };
  return (
    <Dialog view={view} name={title}>
      <div class="pgw-dialog__body pgw-form">
        <p>Its {plural(row.cells, "answer")} and what was picked cannot be brought back.</p>
        <div class="pgw-form__acts">
          <button
            type="button"
            class="pgw-btn pgw-btn--quiet"
            data-first
            onClick={() => view.close()}
          >
            Keep it
          </button>
          <button type="button" class="pgw-btn pgw-btn--danger" onClick={() => void remove()}>
            Delete
          </button>
        </div>
      </div>
    </Dialog>
  );
}
