/** What the parameters are called, as words in a sentence. */
const NAMES: Readonly<Record<string, string>> = {
  top_p: "top p",
  max_tokens: "max tokens",
  frequency_penalty: "frequency penalty",
  presence_penalty: "presence penalty",
  reasoning_effort: "reasoning effort",
  response_format: "the answer format",
  extra: "the extra body",
};

export function paramName(name: string): string {
  return NAMES[name] ?? name;
}
