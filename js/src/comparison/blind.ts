// The order in which answers stand while nobody is to know whose they are.

/** Numbers of variants, shuffled by the comparison and the row alone: the same in every page. */
export function blindOrder(comparison: string, row: number, variants: number): readonly number[] {
  const order = Array.from({ length: variants }, (_, i) => i);
  let state = hash(`${comparison}/${row}`);
  for (let i = variants - 1; i > 0; i--) {
    state = step(state);
    const j = state % (i + 1);
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order;
}

/** FNV-1a. */
function hash(text: string): number {
  let found = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    found = Math.imul(found ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return found;
}

/** Mixes all bits, as the low ones decide. */
function step(state: number): number {
  let mixed = (state + 0x9e3779b9) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97) >>> 0;
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
