// What a conversation can be exported as, and which options make sense for it.

import type { ExportFormat, ExportOptions, ExportStyle } from "../../protocol.ts";
import type { IconName } from "../icons.tsx";

export interface Format {
  readonly format: ExportFormat;
  readonly group: "Into this notebook" | "Download" | "As code";
  readonly label: string;
  readonly icon: IconName;
  /** What its button downloads. */
  readonly noun: string;
  /** Whose colours its text has. */
  readonly language: string;
}

export const FORMATS: readonly Format[] = [
  {
    format: "cells",
    group: "Into this notebook",
    label: "Cells below",
    icon: "cell",
    noun: "cells",
    language: "python",
  },
  {
    format: "ipynb",
    group: "Download",
    label: "Notebook (.ipynb)",
    icon: "file",
    noun: "notebook",
    language: "python",
  },
  {
    format: "md",
    group: "Download",
    label: "Markdown",
    icon: "text",
    noun: "Markdown",
    language: "markdown",
  },
  {
    format: "json",
    group: "Download",
    label: "JSON",
    icon: "braces",
    noun: "JSON",
    language: "json",
  },
  {
    format: "html",
    group: "Download",
    label: "Web page (.html)",
    icon: "globe",
    noun: "web page",
    language: "html",
  },
  {
    format: "py",
    group: "As code",
    label: "Python script",
    icon: "code",
    noun: "script",
    language: "python",
  },
  {
    format: "curl",
    group: "As code",
    label: "cURL",
    icon: "terminal",
    noun: "command",
    language: "bash",
  },
];

export const STYLES: readonly { readonly style: ExportStyle; readonly label: string }[] = [
  { style: "transcript", label: "Transcript" },
  { style: "code", label: "Playground code" },
  { style: "openai", label: "OpenAI code" },
];

export type Option = keyof ExportOptions;

export const OPTION_LABELS: Readonly<Record<Option, string>> = {
  system: "System prompt",
  params: "Parameters",
  answers: "Answers",
  branches: "All branches",
  code_cells: "Code as cells",
};

/** Whether a format consists of cells, which have a style. */
export function hasCells(format: ExportFormat): format is "cells" | "ipynb" {
  return format === "cells" || format === "ipynb";
}

/** One request has no branches, and is nothing without the answers before it. */
export function optionsOf(format: ExportFormat, style: ExportStyle): readonly Option[] {
  if (format === "curl") return ["system", "params"];
  if (format === "py") return ["system", "params", "answers"];
  const all: readonly Option[] = ["system", "params", "answers", "branches"];
  return hasCells(format) && style === "transcript" ? [...all, "code_cells"] : all;
}
