// A text with what was removed from it and what came into it.

import type { JSX } from "preact";
import type { Run } from "./word-diff.ts";

export function ChangedText({ runs }: { readonly runs: readonly Run[] }): JSX.Element {
  return (
    <>
      {runs.map(({ kind, text }, i) => {
        if (kind === "same") return text;
        return kind === "added" ? <ins key={i}>{text}</ins> : <del key={i}>{text}</del>;
      })}
    </>
  );
}
