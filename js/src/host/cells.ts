// Cells beside the widget, in JupyterLab and Notebook 7: through the shared model of the notebook,
// so that a collaborator sees them, one undo takes them back, and no metadata is lost.

import { dig } from "../channel/dig.ts";
import type { AnyModel } from "../channel/model.ts";

export interface NewCell {
  readonly type: "code" | "markdown";
  readonly source: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

interface SharedNotebook {
  readonly cells: readonly unknown[];
  insertCells(
    index: number,
    cells: { cell_type: string; source: string; metadata: Record<string, unknown> }[],
  ): unknown;
}

interface Manager {
  has_model(id: string): boolean;
  get_model(id: string): Promise<unknown>;
}

function sharedNotebook(manager: unknown): SharedNotebook | undefined {
  const shared = dig(manager, "context", "model", "sharedModel");
  const usable =
    typeof dig(shared, "insertCells") === "function" && Array.isArray(dig(shared, "cells"));
  return usable ? (shared as SharedNotebook) : undefined;
}

/**
 * Inserts cells below the cell that shows the widget, in one step, or undefined where the host
 * cannot. With the element of a view it is the cell of that view.
 */
export function cellInserter(
  model: AnyModel,
  element?: Element,
): ((cells: readonly NewCell[]) => Promise<void>) | undefined {
  const manager = model.widget_manager;
  const notebook = sharedNotebook(manager);
  if (!notebook) return undefined;
  return async (cells) => {
    const at = await findCell(notebook, manager as Manager, model, element);
    if (at === undefined) throw new Error("The cell of this widget is no longer in the notebook");
    notebook.insertCells(
      at + 1,
      cells.map(({ type, source, metadata }) => ({
        cell_type: type,
        source,
        metadata: { ...metadata },
      })),
    );
  };
}

/**
 * The index of the cell that shows the widget.
 *
 * The page says which cell holds the element. A view outside the notebook (JupyterLab can open an
 * output in a tab of its own) is in none: then it is the cell whose saved output names the model.
 */
async function findCell(
  notebook: SharedNotebook,
  manager: Manager,
  model: AnyModel,
  element: Element | undefined,
): Promise<number | undefined> {
  const node = element?.closest<HTMLElement>(".jp-Notebook [data-windowed-list-index]");
  const index = Number(node?.dataset.windowedListIndex ?? Number.NaN);
  if (index < notebook.cells.length) return index;
  for (const [i, cell] of notebook.cells.entries()) {
    for (const id of shownModels(cell)) {
      if (manager.has_model(id) && isSame(await manager.get_model(id), model)) return i;
    }
  }
  return undefined;
}

const VIEW = "application/vnd.jupyter.widget-view+json";

/** The ids of the models that a cell's outputs show. */
function shownModels(cell: unknown): string[] {
  const outputs = dig(cell, "outputs");
  if (!Array.isArray(outputs)) return [];
  return outputs
    .map((output: unknown) => dig(output, "data", VIEW, "model_id"))
    .filter((id): id is string => typeof id === "string");
}

/** Handles of one model differ, but what they hold is the same object. */
function isSame(other: unknown, model: AnyModel): boolean {
  const thread = model.get("thread");
  const get = dig(other, "get");
  return (
    typeof thread === "object" &&
    thread !== null &&
    typeof get === "function" &&
    get.call(other, "thread") === thread
  );
}
