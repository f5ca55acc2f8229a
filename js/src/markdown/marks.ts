// Variables in code: buttons among its text, which leave its characters as they are.

import { pieces } from "../variables.ts";

/** Which names in braces are those of variables. */
export type IsVariable = (name: string) => boolean;

/** Puts a button in place of each variable, and returns the text nodes that now say the same. */
export function markVariables(text: Text, isVariable: IsVariable): readonly Text[] {
  const found = pieces(text.data);
  if (!found.some(({ name }) => name !== undefined && isVariable(name))) return [text];
  const { ownerDocument: document } = text;
  const texts = found.map((piece) => document.createTextNode(piece.text));
  const nodes = found.map(({ name }, i) => {
    const words = texts[i] ?? "";
    if (name === undefined || !isVariable(name)) return words;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "pgw-var";
    button.dataset.name = name;
    button.append(words);
    return button;
  });
  text.replaceWith(...nodes);
  return texts;
}

/** Whether a text is what a variable is called. */
export const isMarked = (text: Text): boolean => text.parentElement?.matches(".pgw-var") === true;
