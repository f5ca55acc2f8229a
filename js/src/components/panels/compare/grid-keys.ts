// Where the keys of a grid lead to.

/** A place in the table, not in the comparison: counted from 0. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">;

const PAGE = 8;

/** Undefined for keys that are not the grid's. */
export function gridMove(
  { key, ctrlKey, metaKey, altKey }: Pressed,
  { row, column }: Place,
  rows: number,
  columns: number,
): Place | undefined {
  if (altKey) return undefined;
  const far = ctrlKey || metaKey;
  const to = (toRow: number, toColumn: number): Place => ({
    row: Math.max(0, Math.min(rows - 1, toRow)),
    column: Math.max(0, Math.min(columns - 1, toColumn)),
  });
  switch (key) {
    case "ArrowUp":
      return to(far ? 0 : row - 1, column);
    case "ArrowDown":
      return to(far ? rows - 1 : row + 1, column);
    case "ArrowLeft":
      return to(row, far ? 0 : column - 1);
    case "ArrowRight":
      return to(row, far ? columns - 1 : column + 1);
    case "Home":
      return to(far ? 0 : row, 0);
    case "End":
      return to(far ? rows - 1 : row, columns - 1);
    case "PageUp":
      return to(row - PAGE, column);
    case "PageDown":
      return to(row + PAGE, column);
    default:
      return undefined;
  }
}
