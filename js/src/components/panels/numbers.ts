// Numbers as they are typed.

export interface NumberRule {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

/** What a typed number says: nothing, a value, or why it is none. */
export type Typed = { readonly value: number | undefined } | { readonly problem: string };

/** A whole number with commas between its thousands. */
const GROUPED = /^[-+]?\d{1,3}(,\d{3})+$/;

export function readNumber(text: string, { min, max, whole = false }: NumberRule): Typed {
  const given = text.trim().replace("−", "-");
  // Elsewhere a comma is how some people write the decimal point.
  const typed = whole && GROUPED.test(given) ? given.replaceAll(",", "") : given.replace(",", ".");
  if (typed === "") return { value: undefined };
  const value = Number(typed);
  if (!Number.isFinite(value) || (whole && !Number.isSafeInteger(value))) {
    return { problem: whole ? "A whole number" : "A number" };
  }
  if (value < min || value > max) {
    const most = max >= Number.MAX_SAFE_INTEGER ? "or more" : `to ${max}`;
    return { problem: `${min} ${most}`.replace("-", "−") };
  }
  return { value };
}
