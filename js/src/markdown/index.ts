export type { Highlighter } from "./kinds.ts";
export type { MathRenderer } from "./math-view.ts";
export { type MarkdownOptions, renderMarkdown, StreamingMarkdown } from "./streaming.ts";
