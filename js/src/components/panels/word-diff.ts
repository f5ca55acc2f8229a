// What changed between two texts, word by word: the shortest list of changes (Myers 1986), and for
// texts that have little in common a coarser one, so that it never takes long.

export interface Run {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** Words, numbers such as 1,234.5, the space between them, and each sign by itself. */
const WORDS = /\s+|\p{N}+(?:[.,]\p{N}+)+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu;
const LINES = /[^\n]*\n|[^\n]+/g;

/** More changed words than this, and lines are compared first. Time and room grow as its square. */
const MOST = 1000;

/** The runs of the old and the new text in their order; what was removed stands before what came. */
export function wordDiff(before: string, after: string): readonly Run[] {
  return readable(joined(diff(before, after, WORDS) ?? byLines(before, after)));
}

function byLines(before: string, after: string): readonly Run[] {
  const coarse = diff(before, after, LINES);
  if (!coarse) return replaced(before, after);
  const lines = joined(coarse);
  return lines.flatMap((run, i) => {
    const next = lines[i + 1];
    if (run.kind === "removed" && next?.kind === "added") {
      return diff(run.text, next.text, WORDS) ?? replaced(run.text, next.text);
    }
    // What came instead of something stands in that already.
    return run.kind === "added" && lines[i - 1]?.kind === "removed" ? [] : [run];
  });
}

function replaced(before: string, after: string): readonly Run[] {
  return [
    { kind: "removed", text: before },
    { kind: "added", text: after },
  ];
}

/** The changes between pieces of two texts, or undefined if there are too many. */
function diff(before: string, after: string, pieces: RegExp): readonly Run[] | undefined {
  const old = before.match(pieces) ?? [];
  const now = after.match(pieces) ?? [];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  const shorter = Math.min(old.length, now.length) - start;
  while (end < shorter && old.at(-1 - end) === now.at(-1 - end)) end++;
  const middle = shortest(old.slice(start, old.length - end), now.slice(start, now.length - end));
  if (!middle) return undefined;
  const same = (text: string): Run => ({ kind: "same", text });
  return [
    same(old.slice(0, start).join("")),
    ...middle,
    same(old.slice(old.length - end).join("")),
  ];
}

/** Myers' greedy search: for each number of changes, how far each diagonal gets. */
function shortest(old: readonly string[], now: readonly string[]): readonly Run[] | undefined {
  const most = Math.min(MOST, old.length + now.length);
  /** Where each diagonal `k` (old minus new) had got with `d` changes, from index `d + k`. */
  const trace: Int32Array[] = [];
  const reach = (d: number, k: number) => trace[d]?.[d + k] ?? -1;
  for (let d = 0; d <= most; d++) {
    const row = new Int32Array(2 * d + 1).fill(-1);
    trace.push(row);
    for (let k = -d; k <= d; k += 2) {
      let x = d === 0 ? 0 : isDown(reach, d, k) ? reach(d - 1, k + 1) : reach(d - 1, k - 1) + 1;
      while (x < old.length && x - k < now.length && old[x] === now[x - k]) x++;
      row[d + k] = x;
      if (x >= old.length && x - k >= now.length) return walkBack(reach, d, old, now);
    }
  }
  return undefined;
}

type Reach = (d: number, k: number) => number;

/** Whether the change before was an added piece rather than a removed one. */
function isDown(reach: Reach, d: number, k: number): boolean {
  return k === -d || (k !== d && reach(d - 1, k - 1) < reach(d - 1, k + 1));
}

function walkBack(
  reach: Reach,
  changes: number,
  old: readonly string[],
  now: readonly string[],
): readonly Run[] {
  const runs: Run[] = [];
  let x = old.length;
  let y = now.length;
  for (let d = changes; d > 0; d--) {
    const k = x - y;
    const down = isDown(reach, d, k);
    const from = reach(d - 1, down ? k + 1 : k - 1);
    const to = down ? from : from + 1;
    for (; x > to; x--) runs.push({ kind: "same", text: old[x - 1] ?? "" });
    if (down) runs.push({ kind: "added", text: now[from - k - 1] ?? "" });
    else runs.push({ kind: "removed", text: old[from] ?? "" });
    x = from;
    y = down ? from - k - 1 : from - k + 1;
  }
  for (; x > 0; x--) runs.push({ kind: "same", text: old[x - 1] ?? "" });
  return runs.reverse();
}

/** One run of each kind between two that are the same, what was removed first. */
function joined(runs: readonly Run[]): readonly Run[] {
  const found: Run[] = [];
  let removed = "";
  let added = "";
  let same = "";
  const push = (kind: Run["kind"], text: string) => {
    if (text !== "") found.push({ kind, text });
  };
  for (const { kind, text } of [...runs, { kind: "same", text: "" } as const]) {
    if (text === "") continue;
    if (kind === "same") {
      push("removed", removed);
      push("added", added);
      removed = "";
      added = "";
      same += text;
    } else {
      push("same", same);
      same = "";
      if (kind === "removed") removed += text;
      else added += text;
    }
  }
  push("same", same);
  push("removed", removed);
  push("added", added);
  return found;
}

/** As a person would mark it: phrases rather than words, paragraph by paragraph. */
function readable(runs: readonly Run[]): readonly Run[] {
  return byParagraphs(joined(withoutStrays(joined(withoutStrays(runs, isSpace)), isStray)));
}

/** Whether what stays between two changes, of so many characters each, is no more than chance. */
type Weigh = (text: string, before: number, after: number) => boolean;

/** A space alone between two changes belongs to them. */
const isSpace: Weigh = (text) => /^[^\S\n]+$/.test(text);

/** How long one of the changes is, at least, around a word that stays in both by chance. */
const LONG = 24;

const isStray: Weigh = (text, before, after) =>
  /^[^\S\n]*[\p{L}\p{N}_]*[^\S\n]*$/u.test(text) &&
  Math.max(before, after) >= LONG &&
  4 * text.trim().length <= Math.min(before, after);

function withoutStrays(runs: readonly Run[], weigh: Weigh): readonly Run[] {
  /** The longer of what was removed and added there; 0 where nothing was. */
  const change = (...at: number[]) =>
    Math.max(0, ...at.map((i) => (runs[i]?.kind === "same" ? 0 : (runs[i]?.text.length ?? 0))));
  return runs.flatMap((run, i): readonly Run[] => {
    const between = run.kind === "same" && i > 0 && i < runs.length - 1;
    const stray = between && weigh(run.text, change(i - 1, i - 2), change(i + 1, i + 2));
    return stray ? replaced(run.text, run.text) : [run];
  });
}

/** Where paragraphs were replaced by as many, each stands beside the one in its place. */
function byParagraphs(runs: readonly Run[]): readonly Run[] {
  const paired = runs.flatMap((run, i): readonly Run[] => {
    const [before, after] = [runs[i - 1], runs[i + 1]];
    if (run.kind === "added" && before?.kind === "removed") {
      return paragraphs(before.text, run.text) ?? replaced(before.text, run.text);
    }
    return run.kind === "removed" && after?.kind === "added" ? [] : [run];
  });
  return joined(paired);
}

function paragraphs(before: string, after: string): readonly Run[] | undefined {
  const [old, now] = [before, after].map((text) => text.split(/(\n{2,})/)) as [string[], string[]];
  const gaps = (parts: readonly string[]) => parts.filter((_, i) => i % 2 === 1);
  if (old.length === 1 || gaps(old).join() !== gaps(now).join()) return undefined;
  if (old.length !== now.length) return undefined;
  return old.flatMap((text, i): readonly Run[] =>
    i % 2 === 1 ? [{ kind: "same", text }] : replaced(text, now[i] ?? ""),
  );
}
