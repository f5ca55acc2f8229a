// What a variant is, in a few words each, and which of them set it apart from the first one.

import type { Params } from "../model.ts";

export interface Chip {
  readonly text: string;
  /** Whether it differs from the first variant. */
  readonly differs: boolean;
}

interface Described {
  readonly system: string;
  readonly model: string;
  /** As a label. */
  readonly connection: string;
  readonly params: Params;
}

const SHORT: Readonly<Record<string, string>> = {
  temperature: "temp",
  top_p: "top p",
  max_tokens: "max",
  frequency_penalty: "frequency",
  presence_penalty: "presence",
  reasoning_effort: "effort",
  response_format: "format",
};

/**
 * @param base the first variant
 * @param prompts the known versions of the system prompt, oldest first
 * @param several whether there is more than one connection among the variants
 */
export function chipsOf(
  variant: Described,
  base: Described,
  prompts: readonly string[],
  several: boolean,
): readonly Chip[] {
  const found: Chip[] = [
    { text: variant.model || "no model", differs: variant.model !== base.model },
  ];
  if (several) {
    found.push({ text: variant.connection, differs: variant.connection !== base.connection });
  }
  if (variant.system !== "" || base.system !== "") {
    found.push({
      text: promptName(variant.system, prompts),
      differs: variant.system !== base.system,
    });
  }
  for (const name of new Set([...Object.keys(base.params), ...Object.keys(variant.params)])) {
    const [own, first] = [variant.params[name], base.params[name]];
    if (own === undefined && first === undefined) continue;
    const differs = JSON.stringify(own) !== JSON.stringify(first);
    found.push({ text: `${SHORT[name] ?? name} ${valueText(own)}`, differs });
  }
  return found;
}

function promptName(system: string, prompts: readonly string[]): string {
  if (system === "") return "no prompt";
  const at = prompts.lastIndexOf(system);
  return at < 0 ? "own prompt" : `prompt v${at + 1}`;
}

const LONGEST = 18;

function valueText(value: unknown): string {
  if (value === undefined || value === null) return "default";
  const type = typeof value === "object" && "type" in value ? value.type : undefined;
  const text = typeof type === "string" ? type : Array.isArray(value) ? value.join(" ") : "";
  const shown = text || (typeof value === "object" ? "set" : String(value));
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST - 1)}…` : shown;
}
