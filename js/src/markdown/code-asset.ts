// Built into a file of its own, which is asked for at the first code block.
export { highlight } from "./highlight.ts";
