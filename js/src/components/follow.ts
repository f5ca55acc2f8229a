// Whether the log follows the answer that is being written: only when it already is at the end.

export interface Scroll {
  readonly top: number;
  /** What is visible, in pixels. */
  readonly view: number;
  /** All there is, in pixels. */
  readonly all: number;
}

/** Nearer to the end than this counts as at the end; zoomed pages never reach it exactly. */
const SLACK = 24;

export function atEnd({ top, view, all }: Scroll): boolean {
  return all - top - view <= SLACK;
}

/**
 * Whether to follow after a scroll event.
 *
 * Text that arrived between our own scrolling to the end and the event about it makes the end
 * look far away, and the browser itself moves the view up when rows turn out lower than it had
 * guessed. So only a move upward counts as leaving the end, and one that nobody's hand made only
 * while nothing has changed its size (find in page, a screen reader).
 */
export function follows(following: boolean, last: Scroll, now: Scroll, byHand: boolean): boolean {
  if (atEnd(now)) return true;
  const up = now.top < last.top - 1;
  return following && !(up && (byHand || now.all === last.all));
}
