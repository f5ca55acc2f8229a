// What the markdown benchmark does in the browser; markdown-run.mjs builds and opens it.
import { renderMarkdown, StreamingMarkdown } from "../src/markdown/index.ts";

const characters = 4;

interface Measured {
  /** Milliseconds for the first tenth of the deltas, the last tenth, and all of them. */
  first: number;
  last: number;
  total: number;
}

/** Feeds a text as deltas, each shown at once, which is worse than one a frame. */
function stream(text: string): Measured {
  const container = newContainer();
  const life = new AbortController();
  const markdown = new StreamingMarkdown(container, {
    onCopy: async () => true,
    signal: life.signal,
  });
  const times: number[] = [];
  for (let at = 0; at < text.length; at += characters) {
    const start = performance.now();
    markdown.append(text.slice(at, at + characters));
    markdown.flush();
    times.push(performance.now() - start);
  }
  const start = performance.now();
  markdown.finish();
  const finish = performance.now() - start;
  life.abort();
  container.remove();
  const tenth = Math.floor(times.length / 10);
  return {
    first: sum(times.slice(0, tenth)),
    last: sum(times.slice(-tenth)),
    total: sum(times) + finish,
  };
}

function inOneGo(text: string): number {
  const container = newContainer();
  const life = new AbortController();
  const start = performance.now();
  renderMarkdown(container, text, { onCopy: async () => true, signal: life.signal });
  const time = performance.now() - start;
  life.abort();
  container.remove();
  return time;
}

function newContainer(): HTMLElement {
  const root = document.createElement("div");
  root.className = "pgw";
  const container = document.createElement("div");
  container.className = "pgw-md";
  root.append(container);
  document.body.append(root);
  return container;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function repeat(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("");
}

const sentence = "The **mean** of `x` is about 1.34 kg above the _other_ one, far beyond chance";

const endless: Record<string, string> = {
  list: repeat(400, (i) => `- item ${i}: ${sentence}\n`),
  "loose list": repeat(400, (i) => `${i + 1}. item ${i}: ${sentence}\n\n`),
  table: `| n | text | value |\n|--:|---|---|\n${repeat(400, (i) => `| ${i} | ${sentence} | ${i * i} |\n`)}`,
  fence: `\`\`\`python\n${repeat(900, (i) => `value_${i} = compute(${i}, "text")\n`)}`,
  paragraph: repeat(400, (i) => `${sentence} (${i}). `),
  quote: repeat(400, (i) => `> ${sentence} (${i}).\n>\n`),
  "nested list": `- outer\n${repeat(200, (i) => `  - item ${i}: ${sentence}\n`)}`,
};

function mixed(length: number): string {
  let text = "";
  for (let i = 0; text.length < length; i++) {
    text += `## Part ${i}\n\n${repeat(6, () => `${sentence}. `)}\n\n`;
    text += `${repeat(6, (n) => `- point ${n}: ${sentence}\n`)}\n`;
    text += `| a | b |\n|---|--:|\n${repeat(6, (n) => `| ${n} | ${sentence} |\n`)}\n`;
    text += `\`\`\`python\n${repeat(20, (n) => `value_${n} = compute(${n}, "text")\n`)}\`\`\`\n\n`;
  }
  return text.slice(0, length);
}

export function run(): string {
  stream(mixed(20_000));
  const lines = ["last tenth of the deltas, relative to the first (target: at most 2)"];
  for (const [name, text] of Object.entries(endless)) {
    const { first, last } = stream(text);
    lines.push(`  endless ${name}: ${(last / first).toFixed(2)}`);
  }
  const text = mixed(90_000);
  const streamed = stream(text).total;
  lines.push(
    "a mixed document of 90 kB, 4 characters at a time, each shown at once",
    `  relative to one go: ${(streamed / inOneGo(text)).toFixed(1)}`,
    `  per delta, relative to one go: ${(streamed / (text.length / characters) / inOneGo(text)).toFixed(4)}`,
  );
  return lines.join("\n");
}

document.title = "markdown";
const result = document.createElement("pre");
result.id = "result";
result.textContent = run();
document.body.append(result);
