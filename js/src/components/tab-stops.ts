// The log is one tab stop: Tab enters the current message and, from its last control, leaves the
// log. Controls in other messages (links, buttons on code) are reached through their message.

const CONTROLS = "a[href], button, input, textarea, summary, [tabindex]";
/** What the toolbars and the rows themselves decide. */
const OWN = ".pgw-actions *, .pgw-insert *, article";
const KEPT = "data-pgw-tab";

/**
 * Puts the tab stops in the log in order. Called when Tab is pressed, so that nothing has to
 * watch the text as it grows.
 */
export function settleTabStops(log: HTMLElement): void {
  for (const row of log.querySelectorAll<HTMLElement>("article")) {
    const reachable = row.tabIndex === 0 || row.querySelector("textarea") !== null;
    for (const control of row.querySelectorAll<HTMLElement>(CONTROLS)) {
      if (control.matches(OWN)) continue;
      if (reachable) restore(control);
      else withhold(control);
    }
  }
}

function withhold(control: HTMLElement): void {
  if (control.hasAttribute(KEPT)) return;
  control.setAttribute(KEPT, control.getAttribute("tabindex") ?? "");
  control.tabIndex = -1;
}

function restore(control: HTMLElement): void {
  const kept = control.getAttribute(KEPT);
  if (kept === null) return;
  control.removeAttribute(KEPT);
  if (kept === "") control.removeAttribute("tabindex");
  else control.setAttribute("tabindex", kept);
}
