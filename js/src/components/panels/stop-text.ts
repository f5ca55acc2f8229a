// Texts on one line: what cannot be seen in them is written with a backslash, and typed so.

const SIGNS: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\" };

export function unescaped(typed: string): string {
  return typed.replace(/\\([ntr\\])/g, (_, sign: string) => SIGNS[sign] ?? "");
}

export function escaped(text: string): string {
  return text.replace(/[\n\t\r\\]/g, (found) => {
    const [sign = ""] = Object.entries(SIGNS).find(([, value]) => value === found) ?? [];
    return `\\${sign}`;
  });
}
