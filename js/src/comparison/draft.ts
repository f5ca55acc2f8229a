// Variants as they are put together in the page, before they are asked and after.

import type { Params, Settings, Thread } from "../model.ts";
import type { ComparisonFacts, Variant, VariantRequest } from "./model.ts";

export const MOST_VARIANTS = 4;
export const MOST_SAMPLES = 10;

export interface VariantDraft {
  /** Tells it from the others, whatever they are called. */
  readonly key: string;
  readonly name: string;
  readonly system: string;
  readonly model: string;
  /** The name of a known connection, or the label of one that is not known here. */
  readonly connection: string;
  readonly params: Params;
  readonly tools?: readonly string[];
  /** Its number in the comparison; `null` until it is asked. */
  readonly of: number | null;
}

export interface CompareDraft {
  /** What it was made from, or has become. */
  readonly comparison: string | null;
  readonly variants: readonly VariantDraft[];
  readonly samples: number;
  readonly blind: boolean;
}

let keys = 0;
const newKey = () => `v${++keys}`;

/** A, B, C, D. */
export const letter = (at: number): string => String.fromCharCode(65 + at);

/** The next answer as it would be asked for now, and once more to be changed. */
export function firstDraft(thread: Thread, settings: Settings): CompareDraft {
  const variants = [
    variantFrom(thread, settings, { name: "Baseline" }),
    variantFrom(thread, settings, { name: "Variant B" }),
  ];
  return { comparison: null, variants, samples: 1, blind: false };
}

/** A variant that differs from the conversation in what is given. */
export function variantFrom(
  { system, model, params }: Thread,
  { connection }: Settings,
  given: VariantRequest,
): VariantDraft {
  const own = { name: "", system, model, params, connection: connection.name };
  return { ...own, ...given, key: newKey(), of: null };
}

/** The variants that a comparison has asked. */
export function draftOf(facts: ComparisonFacts, settings: Settings): CompareDraft {
  const variants = facts.variants.map((variant, of) => ({
    ...variant,
    connection: connectionName(variant.connection, settings),
    key: newKey(),
    of,
  }));
  return { comparison: facts.id, variants, samples: facts.samples, blind: facts.blind };
}

/** The name that a connection has here; of one that is not known, its label. */
export function connectionName(label: string, { connection, connections }: Settings): string {
  const known = [connection, ...connections].find((each) => each.label === label);
  return known?.name ?? label;
}

export function connectionLabel(name: string, { connection, connections }: Settings): string {
  const known = [connection, ...connections].find((each) => each.name === name);
  return known?.label ?? name;
}

/** What is asked for. */
export function requestOf({ key: _, of: __, name, ...variant }: VariantDraft): VariantRequest {
  const named = name.trim();
  return named === "" ? variant : { name: named, ...variant };
}

/** Whether an answer to `asked` is one to the draft. */
export function isSame(draft: VariantDraft, asked: Variant, settings: Settings): boolean {
  return (
    draft.system === asked.system &&
    draft.model === asked.model &&
    draft.connection === connectionName(asked.connection, settings) &&
    JSON.stringify(sorted(draft.params)) === JSON.stringify(sorted(asked.params))
  );
}

const sorted = (params: Params) =>
  Object.entries(params).sort(([one], [other]) => (one < other ? -1 : 1));

// ---------------------------------------------------------------------------- changes

export function changed(
  draft: CompareDraft,
  key: string,
  changes: Partial<Omit<VariantDraft, "key" | "of">>,
): CompareDraft {
  const variants = draft.variants.map((each) =>
    each.key === key ? { ...each, ...changes } : each,
  );
  return { ...draft, variants };
}

/** A copy of a variant at the end, to be changed; `undefined` copies the last one. */
export function added(draft: CompareDraft, from?: VariantDraft): CompareDraft {
  const like = from ?? draft.variants.at(-1);
  if (!like || draft.variants.length >= MOST_VARIANTS) return draft;
  return { ...draft, variants: [...draft.variants, { ...like, ...own(draft) }] };
}

/** What a new variant has of its own: summaries tell variants apart by their names. */
function own({ variants }: CompareDraft): Pick<VariantDraft, "key" | "name" | "of"> {
  const names = new Set(variants.map(({ name }) => name));
  let at = variants.length;
  while (names.has(`Variant ${letter(at)}`)) at++;
  return { key: newKey(), name: `Variant ${letter(at)}`, of: null };
}

/** With one more variant at the end, in place of the last one where there is no room. */
export function joined(draft: CompareDraft, variant: VariantDraft): CompareDraft {
  const kept = draft.variants.slice(0, MOST_VARIANTS - 1);
  const { name } = variant.name === "" ? own(draft) : variant;
  return { ...draft, variants: [...kept, { ...variant, name }] };
}

export function removed(draft: CompareDraft, key: string): CompareDraft {
  if (draft.variants.length <= 2) return draft;
  return { ...draft, variants: draft.variants.filter((each) => each.key !== key) };
}

/** It has begun under this id: each variant is asked where it stands. */
export function begun(draft: CompareDraft, comparison: string): CompareDraft {
  const variants = draft.variants.map((each, of) => ({ ...each, of }));
  return { ...draft, comparison, variants };
}
