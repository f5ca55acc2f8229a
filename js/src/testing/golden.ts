// The files that both reducers are held to; see tests/fixtures/protocol/README.md.

import { readdirSync, readFileSync } from "node:fs";

export interface Golden {
  readonly name: string;
  readonly snapshot: unknown;
  readonly batches: readonly { readonly events: readonly unknown[] }[];
  readonly expected: unknown;
}

const folder = new URL("../../../tests/fixtures/protocol/", import.meta.url);

export function goldenFiles(): readonly Golden[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Golden);
}
