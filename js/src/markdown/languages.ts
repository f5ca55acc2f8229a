// The languages whose code gets colours: what each is called. How it is read is in grammars.ts,
// which is loaded only when there is code.

export interface Language {
  /** Prism's name of it. */
  name: string;
  label: string;
}

/** By Prism's name: what it is called, and other names for it. */
const known: Record<string, [label: string, aliases?: string]> = {
  python: ["Python", "py python3 ipython ipython3"],
  r: ["R"],
  julia: ["Julia", "jl"],
  sql: ["SQL", "sqlite postgresql"],
  bash: ["Bash", "sh shell zsh console"],
  javascript: ["JavaScript", "js mjs jsx"],
  typescript: ["TypeScript", "ts tsx"],
  json: ["JSON", "jsonc json5 ipynb"],
  markup: ["HTML", "html xml svg"],
  css: ["CSS"],
  c: ["C", "h"],
  cpp: ["C++", "c++ cc hpp"],
  java: ["Java"],
  go: ["Go", "golang"],
  rust: ["Rust", "rs"],
  yaml: ["YAML", "yml"],
  toml: ["TOML"],
  diff: ["Diff", "patch"],
};

const languages = new Map<string, Language>();
for (const [name, [label, aliases]] of Object.entries(known)) {
  for (const alias of [name, ...(aliases?.split(" ") ?? [])]) languages.set(alias, { name, label });
}

/** The language that a code block names, or undefined when we know none by that name. */
export function languageOf(name: string): Language | undefined {
  return languages.get(name.toLowerCase());
}

/** Whether a notebook runs this language as it is. */
export function isRunnable(name: string): boolean {
  return languageOf(name)?.name === "python";
}
