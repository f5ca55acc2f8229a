/** What an address from the model may be used for. */

const web = /^https?:\/\//i;
const mail = /^mailto:/i;

/**
 * Whether `href` may become a link. The browser's own parser must take it for an address of its
 * own: "http:lab" without slashes would lead into the page's host.
 */
export function isSafeLink(href: string): boolean {
  return (web.test(href) || mail.test(href)) && parse(href) !== undefined;
}

/** The host that showing an image would ask, or undefined when the image may not be shown. */
export function imageHost(src: string): string | undefined {
  return web.test(src) ? parse(src)?.host : undefined;
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
