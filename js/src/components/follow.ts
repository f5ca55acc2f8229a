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
 * Whether to follow after a scroll event. Text that arrives between our own scrolling to the end
 * and the event about it makes the end look far away, so only a move upward ends the following.
 */
export function follows(following: boolean, lastTop: number, now: Scroll): boolean {
  if (atEnd(now)) return true;
  return following && now.top >= lastTop - 1;
}
