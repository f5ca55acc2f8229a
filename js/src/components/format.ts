// Figures as people read them. All of it is English and independent of the browser's language,
// like the words around it.

/** 318 → "318", 3100 → "3.1k", 137000 → "137k", 1048576 → "1M". */
export function compact(count: number): string {
  if (count < 1000) return String(count);
  const [size, unit] = count < 999_500 ? [count / 1000, "k"] : [count / 1_000_000, "M"];
  const digits = size < 9.95 ? 1 : 0;
  return `${size.toFixed(digits).replace(/\.0$/, "")}${unit}`;
}

/** 9210 → "9,210". */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

export function plural(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** US dollars: 0 → "$0", 0.0009 → "$0.0009", 0.0042 → "$0.0042", 0.25 → "$0.25". */
export function dollars(cost: number): string {
  if (cost === 0) return "$0";
  if (cost < 0.00005) return "<$0.0001";
  const digits = cost < 0.01 ? 4 : cost < 1 ? 3 : 2;
  return `$${trimmed(cost.toFixed(digits))}`;
}

/** The cost of a whole thread, where a tenth of a cent is fine enough: 0.0042 → "$0.004". */
export function roughDollars(cost: number): string {
  return cost < 0.001 ? dollars(cost) : `$${trimmed(cost.toFixed(cost < 1 ? 3 : 2))}`;
}

/** Without zeros at the end, but with at least two decimals. */
function trimmed(decimal: string): string {
  return decimal.replace(/(\.\d\d+?)0+$/, "$1");
}

/** A measured time in seconds: 0.4231 → "0.42 s", 12.34 → "12.3 s", 75 → "1 min 15 s". */
export function seconds(time: number): string {
  if (time < 10) return `${time.toFixed(2)} s`;
  return time < 59.95 ? `${time.toFixed(1)} s` : whole(time);
}

/** How long a call took: 0.038 → "38 ms", 2.5 → "2.50 s". */
export function took(time: number): string {
  return time < 0.9995 ? `${Math.round(1000 * time)} ms` : seconds(time);
}

/** A time that is being counted, in whole seconds: 3.8 → "3 s", 75.2 → "1 min 15 s". */
export function counting(time: number): string {
  return whole(Math.floor(Math.max(0, time)));
}

/** How long somebody thought: 0.4 → "0.4 s", 4.3 → "4 s". */
export function thinking(time: number): string {
  return time < 1 ? `${Math.max(0.1, time).toFixed(1)} s` : whole(time);
}

function whole(time: number): string {
  const total = Math.round(time);
  return total < 60 ? `${total} s` : `${Math.floor(total / 60)} min ${total % 60} s`;
}

/** Tokens per second: 71.4 → "71", 4.26 → "4.3", 41454 → "41,454". */
export function rate(perSecond: number): string {
  return perSecond < 9.95 ? perSecond.toFixed(1) : grouped(Math.round(perSecond));
}

/** Bytes: 214 → "214 B", 84000 → "84 KB". */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  if (count < 999_500) return `${Math.round(count / 1000)} KB`;
  return `${(count / 1_000_000).toFixed(1)} MB`;
}

/** A price per million tokens: 0.4 → "$0.40". */
export function price(perMillion: number): string {
  return `$${perMillion.toFixed(2)}`;
}
