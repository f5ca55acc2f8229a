// What the fake kernel exports: enough like the real thing to look at and to test against.

import { type ExportCell, type ExportFile, type Thread, textOf } from "../model.ts";
import { path } from "../paths.ts";
import type { RequestBody } from "../protocol.ts";

type Asked = Extract<RequestBody, { type: "export" }>;

export function fakeExport(thread: Thread, asked: Asked): Record<string, unknown> {
  const { format } = asked;
  if (format === "cells") return { cells: cellsOf(thread, asked) };
  const title = thread.title || "New thread";
  const [ending, media_type, text] = {
    ipynb: ["ipynb", "application/x-ipynb+json", notebook(thread, asked)],
    md: ["md", "text/markdown", transcript(thread, asked).join("\n\n")],
    json: ["json", "application/json", `${JSON.stringify({ version: 1, thread }, null, 2)}\n`],
    html: ["html", "text/html", `<!doctype html>\n<title>${title}</title>\n`],
    py: ["py", "text/x-python", [SETUP, call(thread, asked)].join("\n\n")],
    curl: ["sh", "text/x-sh", curl(thread)],
  }[format] as [string, string, string];
  const file: ExportFile = { name: `${title.toLowerCase()}.${ending}`, media_type, text };
  return { ...file };
}

const SETUP = "from openai import OpenAI\n\nclient = OpenAI()  # reads OPENAI_API_KEY";

const cell = (type: ExportCell["type"], source: string): ExportCell => ({
  type,
  source,
  metadata: {},
});

function heading(thread: Thread): string {
  const count = path(thread).length;
  return `### ${thread.title || "New thread"}\n\n${thread.model}, ${count} messages`;
}

function cellsOf(thread: Thread, asked: Asked): readonly ExportCell[] {
  if (asked.style === "transcript") {
    return transcript(thread, asked).map((text) => cell("markdown", text));
  }
  if (asked.style === "code") {
    const messages = path(thread).filter(({ role }) => role === "user");
    return [
      cell(
        "code",
        `from playground_widget import Playground\n\npg = Playground(${JSON.stringify(thread.model)})`,
      ),
      ...messages.map(({ content }) =>
        cell("code", `pg.send(${JSON.stringify(content.map(textOf).join(" "))})`),
      ),
    ];
  }
  const answer = path(thread)
    .filter(({ role }) => role === "assistant")
    .at(-1);
  return [
    cell("markdown", heading(thread)),
    cell("code", SETUP),
    cell("code", call(thread, asked)),
    ...(answer && asked.answers !== false
      ? [cell("markdown", answer.content.map(textOf).join("\n\n"))]
      : []),
  ];
}

function messagesOf(thread: Thread, asked: Pick<Asked, "system">) {
  const system = asked.system === false || thread.system === "" ? [] : [thread.system];
  return [
    ...system.map((content) => ({ role: "system", content })),
    ...path(thread)
      .filter(({ role }) => role === "user")
      .map(({ role, content }) => ({ role, content: content.map(textOf).join(" ") })),
  ];
}

function call(thread: Thread, asked: Asked): string {
  const messages = messagesOf(thread, asked).map((each) => `    ${JSON.stringify(each)},`);
  const params = asked.params === false ? [] : ["    temperature=0.3, max_tokens=800,"];
  return [
    "messages = [",
    ...messages,
    "]",
    "reply = client.chat.completions.create(",
    `    model=${JSON.stringify(thread.model)}, messages=messages,`,
    ...params,
    ")",
    "print(reply.choices[0].message.content)",
  ].join("\n");
}

function curl(thread: Thread): string {
  const body = JSON.stringify({ model: thread.model, messages: messagesOf(thread, {}) }, null, 2);
  return [
    "curl https://api.openai.com/v1/chat/completions \\",
    '  -H "Authorization: Bearer $OPENAI_API_KEY" \\',
    '  -H "Content-Type: application/json" \\',
    `  -d @- <<'JSON'\n${body}\nJSON`,
  ].join("\n");
}

function transcript(thread: Thread, asked: Asked): readonly string[] {
  const shown = path(thread).filter(({ role }) => asked.answers !== false || role === "user");
  return [
    heading(thread),
    ...(asked.system === false || thread.system === "" ? [] : [`**system**\n\n${thread.system}`]),
    ...shown.map(({ role, content }) => `**${role}**\n\n${content.map(textOf).join("\n\n")}`),
  ];
}

function notebook(thread: Thread, asked: Asked): string {
  const cells = cellsOf(thread, asked).map(({ type, source, metadata }) => ({
    cell_type: type,
    metadata,
    source,
  }));
  return `${JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}
