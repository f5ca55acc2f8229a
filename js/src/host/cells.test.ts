// @vitest-environment jsdom
import { afterEach, describe, expect, test } from "vitest";
import { FakeWidget } from "../testing/fake-widget.ts";
import { cellInserter } from "./cells.ts";

const VIEW = "application/vnd.jupyter.widget-view+json";

interface InsertedCell {
  cell_type: string;
  source: string;
  metadata: object;
}

/** A notebook of JupyterLab: a shared model, its widgets, and its elements in the page. */
class FakeNotebook {
  readonly calls: [number, InsertedCell[]][] = [];
  readonly models = new Map<string, FakeWidget>();
  readonly cells: unknown[];
  readonly manager: unknown;

  /** Each cell by the ids of the models that its outputs show. */
  constructor(...shown: string[][]) {
    this.cells = shown.map((ids) => ({
      outputs: ids.map((model_id) => ({ data: { "text/plain": "", [VIEW]: { model_id } } })),
    }));
    const insertCells = (index: number, cells: InsertedCell[]) => this.calls.push([index, cells]);
    this.manager = {
      context: { model: { sharedModel: { cells: this.cells, insertCells } } },
      has_model: (id: string) => this.models.has(id),
      get_model: async (id: string) => this.models.get(id),
    };
  }

  widget(id: string): FakeWidget {
    const made = new FakeWidget({ thread: { revision: 0 } }, this.manager);
    this.models.set(id, made);
    return made;
  }

  /** An element in the output of a cell; the cells before it may be out of the page. */
  output(index: number): HTMLElement {
    const notebook = document.body.appendChild(document.createElement("div"));
    notebook.className = "jp-Notebook";
    const cell = notebook.appendChild(document.createElement("div"));
    cell.dataset.windowedListIndex = String(index);
    return cell.appendChild(document.createElement("div"));
  }
}

afterEach(() => {
  document.body.replaceChildren();
});

const CELLS = [
  { type: "markdown", source: "# Title" },
  { type: "code", source: "1 + 1", metadata: { tags: ["a"] } },
] as const;

const INSERTED = [
  { cell_type: "markdown", source: "# Title", metadata: {} },
  { cell_type: "code", source: "1 + 1", metadata: { tags: ["a"] } },
];

describe("cells are inserted", () => {
  test("below the cell that shows the view, in one step", async () => {
    const notebook = new FakeNotebook(["m"], [], ["m"]);
    const widget = notebook.widget("m");
    await cellInserter(widget.handle(), notebook.output(2))?.(CELLS);
    expect(notebook.calls).toEqual([[3, INSERTED]]);
  });

  test("for a view outside the notebook, below the cell whose output shows the model", async () => {
    const notebook = new FakeNotebook(["gone"], ["other"], ["m"]);
    notebook.widget("other");
    const widget = notebook.widget("m");
    const tab = document.body.appendChild(document.createElement("div"));
    await cellInserter(widget.handle(), tab)?.(CELLS);
    expect(notebook.calls).toEqual([[3, INSERTED]]);
  });

  test("without a view too, below the cell whose output shows the model", async () => {
    const notebook = new FakeNotebook([], ["m"]);
    const widget = notebook.widget("m");
    await cellInserter(widget.handle())?.(CELLS);
    expect(notebook.calls).toEqual([[2, INSERTED]]);
  });

  test("nowhere when the cell is gone, and that is said", async () => {
    const notebook = new FakeNotebook(["other"]);
    notebook.widget("other");
    const widget = notebook.widget("m");
    const insert = cellInserter(widget.handle(), document.createElement("div"));
    await expect(insert?.(CELLS)).rejects.toThrow("no longer in the notebook");
    expect(notebook.calls).toEqual([]);
  });

  test("not at all where the host has no such notebook", () => {
    for (const manager of [undefined, {}, { context: { model: {} } }]) {
      const widget = new FakeWidget({}, manager);
      expect(cellInserter(widget.handle(), document.body)).toBeUndefined();
    }
  });
});
