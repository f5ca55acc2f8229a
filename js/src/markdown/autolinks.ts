import type MarkdownIt from "markdown-it";

/**
 * Bare addresses become links by the rules of GitHub's markdown: after http://, https:// or www.,
 * and e-mail addresses; never a guess from something that only looks like a host name.
 */
export function addAutolinks(md: MarkdownIt): void {
  md.set({ linkify: true });
  md.linkify
    .set({ fuzzyLink: false, fuzzyEmail: true, fuzzyIP: false })
    // Any top-level domain will do for e-mail; entries are parts of a regular expression.
    .tlds(["[a-z]{2,63}"])
    .add("//", null)
    .add("ftp:", null)
    .add("http:", { validate: (text, at) => (text.startsWith("//", at) ? extent(text, at, 2) : 0) })
    .add("https:", "http:")
    .add("www.", {
      validate: (text, at) => (/^[^.]*\.\w/.test(text.slice(at)) ? extent(text, at, 0) : 0),
      normalize: (match) => {
        match.url = `http://${match.url}`;
      },
    });
}

const host = /[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*/uy;
const path = /[^\s<]*/y;

/** The length of the address that goes on at `at`, after `skip` characters before its host. */
function extent(text: string, at: number, skip: number): number {
  host.lastIndex = at + skip;
  if (!host.test(text)) return 0;
  path.lastIndex = host.lastIndex;
  path.test(text);
  return withoutTail(text.slice(at, path.lastIndex)).length;
}

/** Punctuation that ends a sentence, and brackets opened before the address, are no part of it. */
function withoutTail(address: string): string {
  let end = address.length;
  let excess = count(address, ")") - count(address, "(");
  for (;;) {
    const last = address.charAt(end - 1);
    if (last === ")" && excess > 0) excess--;
    else if (last === ";") {
      const entity = /&[a-z0-9]+;$/i.exec(address.slice(Math.max(0, end - 34), end));
      end -= (entity?.[0].length ?? 1) - 1;
    } else if (last === "" || !"?!.,:*_~'\"".includes(last)) return address.slice(0, end);
    end--;
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
