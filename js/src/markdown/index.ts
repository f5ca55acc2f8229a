export type { MathRenderer } from "./math-view.ts";
export { type MarkdownOptions, renderMarkdown, StreamingMarkdown } from "./streaming.ts";
