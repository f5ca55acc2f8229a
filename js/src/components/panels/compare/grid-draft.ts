// A grid as it is put together: kept while the view is, so that a look at the columns or the
// conversation loses none of it.

import { signal } from "@preact/signals";
import { FIRST_SCHEMA } from "../json-schema.ts";

export interface RowsFile {
  readonly name: string;
  readonly text: string;
  readonly columns: readonly string[];
  readonly rows: number;
}

export interface Scorers {
  readonly exact: boolean;
  readonly column: string;
  readonly exactCase: boolean;
  readonly regex: string;
  readonly fits: boolean;
  /** As far as it makes sense. */
  readonly schema: unknown;
  readonly judge: string;
}

const NONE: Scorers = {
  exact: false,
  column: "",
  exactCase: false,
  regex: "",
  fits: false,
  schema: FIRST_SCHEMA,
  judge: "",
};

export class GridDraft {
  readonly file = signal<RowsFile | null>(null);
  readonly input = signal("");
  readonly scorers = signal<Scorers>(NONE);
  /** The schema while it is typed, or makes no sense. */
  readonly schema = signal<string | null>(null);
  /** What it may cost at most, as it is typed. */
  readonly most = signal("");
}
