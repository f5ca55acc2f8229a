export { CodeView } from "./code-view.ts";
export type { Highlighter } from "./kinds.ts";
export { isRunnable } from "./languages.ts";
export type { MathRenderer } from "./math-view.ts";
export { type MarkdownOptions, renderMarkdown, StreamingMarkdown } from "./streaming.ts";
