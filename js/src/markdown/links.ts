/** What an address from the model may be used for. */

const linkProtocols = new Set(["http:", "https:", "mailto:"]);
const imageProtocols = new Set(["http:", "https:"]);

/** Whether `href` may become a link. The browser's own parser decides what its scheme is. */
export function isSafeLink(href: string): boolean {
  return linkProtocols.has(parse(href)?.protocol ?? "");
}

/** The host that showing an image would ask, or undefined when the image may not be shown. */
export function imageHost(src: string): string | undefined {
  const url = parse(src);
  return url !== undefined && imageProtocols.has(url.protocol) ? url.host : undefined;
}

/** The tooltip of something whose address can't be used: its title, and what was written. */
export function withAddress(title: string, address: string): string {
  return title === "" ? address : `${title}\n${address}`;
}

function parse(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}
