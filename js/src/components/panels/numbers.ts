// Numbers as they are typed.

export interface NumberRule {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

/** What a typed number says: nothing, a value, or why it is none. */
export type Typed = { readonly value: number | undefined } | { readonly problem: string };

export function readNumber(text: string, { min, max, whole = false }: NumberRule): Typed {
  const typed = text.trim().replace(",", ".").replace("−", "-");
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
