// Built into a file of its own, which is asked for at the first formula.
import katex from "katex";

/** MathML markup for TeX, or undefined when the source has an error. */
export function renderMath(tex: string, display: boolean): string | undefined {
  try {
    return katex.renderToString(tex, {
      output: "mathml",
      displayMode: display,
      // No links, images, classes or styles from the source, and bounds on what it can ask for.
      trust: false,
      strict: "ignore",
      maxSize: 20,
      maxExpand: 200,
      throwOnError: true,
    });
  } catch {
    return undefined;
  }
}
