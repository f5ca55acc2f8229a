import type MarkdownIt from "markdown-it";

/** A link found in text, with the fields that markdown-it reads. */
interface Match {
  schema: string;
  index: number;
  lastIndex: number;
  raw: string;
  text: string;
  url: string;
}

/**
 * Bare addresses become links by the rules of GitHub's markdown: after http://, https:// or www.,
 * and e-mail addresses; never a guess from something that only looks like a host name.
 */
export function addAutolinks(md: MarkdownIt): void {
  md.set({ linkify: true });
  // What markdown-it's two linkify rules call.
  Object.assign(md.linkify, { pretest, test, match, matchAtStart });
}

/** What an address may begin with, or has in its middle. */
const sign = /https?:\/\/|www\.|@/i;

function pretest(text: string): boolean {
  return sign.test(text);
}

function test(text: string): boolean {
  return match(text) !== null;
}

function match(text: string): Match[] | null {
  const matches: Match[] = [];
  const signs = new RegExp(sign, "gi");
  let end = 0;
  for (let at = signs.exec(text); at !== null; at = signs.exec(text)) {
    const found =
      at[0] === "@" ? email(text, at.index, end) : address(text, at.index, at[0].toLowerCase());
    if (found === undefined) continue;
    matches.push(found);
    end = found.lastIndex;
    signs.lastIndex = end;
  }
  return matches.length === 0 ? null : matches;
}

function matchAtStart(text: string): Match | null {
  const scheme = /^https?:\/\//i.exec(text)?.[0];
  return (scheme === undefined ? undefined : address(text, 0, scheme.toLowerCase())) ?? null;
}

const host = /[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*/uy;
const path = /[^\s<]*/y;

function address(text: string, index: number, schema: string): Match | undefined {
  if (isWord(text.charAt(index - 1))) return undefined;
  host.lastIndex = index + (schema === "www." ? 0 : schema.length);
  const name = host.exec(text)?.[0];
  if (name === undefined || (schema === "www." && !/^www\..+\../i.test(name))) return undefined;
  path.lastIndex = index + (schema === "www." ? 0 : schema.length) + name.length;
  path.test(text);
  const raw = withoutTail(text.slice(index, path.lastIndex));
  const url = schema === "www." ? `http://${raw}` : raw;
  return { schema, index, lastIndex: index + raw.length, raw, text: raw, url };
}

/** Punctuation that ends a sentence, and brackets opened before the address, are no part of it. */
function withoutTail(address: string): string {
  let end = address.length;
  let excess = count(address, ")") - count(address, "(");
  for (;;) {
    const last = address.charAt(end - 1);
    if (last === ")" && excess > 0) {
      excess--;
    } else if (last === ";") {
      const entity = /&[a-z0-9]+;$/i.exec(address.slice(Math.max(0, end - 34), end));
      end -= (entity?.[0].length ?? 1) - 1;
    } else if (last === "" || !"?!.,:*_~'\"".includes(last)) {
      return address.slice(0, end);
    }
    end--;
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

const domain = /[a-z0-9_-]+(?:\.[a-z0-9_-]+)+/iy;

function email(text: string, at: number, from: number): Match | undefined {
  let index = at;
  while (index > from && /[a-z0-9._+-]/i.test(text.charAt(index - 1))) index--;
  domain.lastIndex = at + 1;
  const name = domain.exec(text)?.[0];
  if (index === at || name === undefined || /[-_]$/.test(name)) return undefined;
  const lastIndex = at + 1 + name.length;
  const raw = text.slice(index, lastIndex);
  return { schema: "mailto:", index, lastIndex, raw, text: raw, url: `mailto:${raw}` };
}

function isWord(character: string): boolean {
  return /[\p{L}\p{N}]/u.test(character);
}
