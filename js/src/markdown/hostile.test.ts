// @vitest-environment jsdom
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documents } from "./fixtures/documents.ts";
import { Stream } from "./fixtures/render.ts";
import { renderMath } from "./math-asset.ts";
import { toMathElement } from "./mathml.ts";
import { paintClasses } from "./paint.ts";
import { renderMarkdown } from "./streaming.ts";

const elements = new Set(
  (
    "a blockquote br button code del div em h1 h2 h3 h4 h5 h6 hr input li ol p pre s span strong " +
    "table tbody td th thead tr ul svg path rect circle"
  ).split(" "),
);

/** For each attribute, the values that it may have. */
const attributes = new Map(
  Object.entries({
    class: /^(pgw-[a-z_-]+|n)( pgw-[a-z_-]+)*$/,
    href: /^(https?:\/\/|mailto:)/i,
    target: /^_blank$/,
    rel: /^noopener noreferrer nofollow$/,
    title: /^/,
    "aria-label": /^(Copy code|Table|Done|Not done)$/,
    "aria-hidden": /^true$/,
    role: /^group$/,
    tabindex: /^0$/,
    type: /^(button|checkbox)$/,
    disabled: /^$/,
    checked: /^$/,
    start: /^\d+$/,
  }),
);

const drawing = new Set("viewBox d x y width height rx cx cy r".split(" "));

/** Looks at everything first, since an `expect` for each attribute would take most of the time. */
function expectHarmless(root: Element): void {
  const wrong: string[] = [];
  for (const element of root.querySelectorAll("*")) {
    if (!elements.has(element.localName)) wrong.push(`<${element.localName}>`);
    const isDrawing = element.namespaceURI === "http://www.w3.org/2000/svg";
    for (const { name, value } of element.attributes) {
      if (isDrawing && drawing.has(name)) continue;
      if (!attributes.get(name)?.test(value)) {
        wrong.push(`${name}="${value}" of <${element.localName}>`);
      }
    }
    if (element.localName !== "a") continue;
    const { protocol } = element as HTMLAnchorElement;
    const isOurs =
      element.getAttribute("rel") === "noopener noreferrer nofollow" &&
      element.getAttribute("target") === "_blank" &&
      ["http:", "https:", "mailto:"].includes(protocol);
    if (!isOurs) wrong.push(`${protocol} ${element.outerHTML}`);
  }
  expect(wrong).toEqual([]);
}

function streamed(text: string, size: number, check: (root: Element) => void): Element {
  const stream = new Stream(undefined, 40);
  for (let at = 0; at < text.length; at += size) {
    stream.write(text.slice(at, at + size));
    check(stream.root);
  }
  stream.finish();
  check(stream.root);
  return stream.root;
}

const schemes = [
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "&#106;avascript:alert(1)",
  "&#x6A&#x61;vascript:alert(1)",
  "javascript&colon;alert(1)",
  "java&Tab;script:alert(1)",
  "java&NewLine;script:alert(1)",
  "java\tscript:alert(1)",
  "java\nscript:alert(1)",
  "\u{1}javascript:alert(1)",
  "&#1;javascript:alert(1)",
  " javascript:alert(1)",
  "\u{a0}javascript:alert(1)",
  "javascript\\:alert(1)",
  "vbscript:msgbox(1)",
  "data:text/html,<script>alert(1)</script>",
  "data:text/html;base64,PHNjcmlwdD4=",
  "data:image/svg+xml,<svg onload=alert(1)>",
  "data:image/png;base64,AAAA",
  "file:///etc/passwd",
  "blob:http://x/y",
  "about:blank",
  "view-source:http://x",
  "intent://x#Intent;end",
  "//evil.example/x",
  "/lab/api?delete",
  "#pgw",
  "?x",
  "http:javascript:alert(1)",
  "http:lab",
  "http:/lab",
  "https:\\\\lab",
  "https://x\u{0}y",
  'mailto:a@b.c?subject="onclick=alert(1)',
  'http://x/" onmouseover="alert(1)',
];

const raw = [
  "<script>alert(1)</script>",
  "<SCRIPT SRC=//x></SCRIPT>",
  "<img src=x onerror=alert(1)>",
  "<svg onload=alert(1)>",
  "<svg><script>alert(1)</script></svg>",
  "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  '<a href="javascript:alert(1)" style="position:fixed">x</a>',
  "<style>*{display:none}</style>",
  "<link rel=stylesheet href=//x>",
  "<meta http-equiv=refresh content='0;url=//x'>",
  "<form action=//x><input name=key><button>",
  "<object data=x></object><embed src=x><base href=//x>",
  "<math><mtext><script>alert(1)</script></mtext></math>",
  "<div id=pgw class=pgw-frame style=color:red onclick=alert(1)>",
  "<!--><script>alert(1)</script>-->",
  "<![CDATA[<script>alert(1)</script>]]>",
  "<?php alert(1) ?>",
  "&lt;script&gt;alert(1)&lt;/script&gt;",
];

const usedAs: Array<(address: string) => string> = [
  (address) => `[x](${address})`,
  (address) => `[x](<${address}>)`,
  (address) => `[x](${address} "t")`,
  (address) => `![x](${address})`,
  (address) => `[![x](${address})](${address})`,
  (address) => `<${address}>`,
  (address) => `[x]\n\n[x]: ${address}`,
  (address) => `[x]: <${address}>\n\n[x] ![x]`,
  (address) => address,
  (address) => `| a |\n|---|\n| [x](${address}) |\n`,
];

/** The full run sets this to tens of thousands. */
const runs = Number(process.env.PGW_FUZZ_RUNS ?? 40);

const names = ['"><script>', "x onclick=alert(1)", "pgw-frame", '" style="color:red', "{.c #id}"];

const hostile = fc.oneof(
  fc
    .tuple(fc.constantFrom(...schemes), fc.constantFrom(...usedAs))
    .map(([address, use]) => use(address)),
  fc.constantFrom(...raw),
  fc.constantFrom(...names).map((name) => `\`\`\`${name}\ncode\n\`\`\`\n`),
  fc.constantFrom(...names).map((name) => `# a {#id .c} ${name}\n`),
  fc
    .constantFrom(...names)
    .map((name) => `[x](http://h "${name}") ![${name}](http://h/i '${name}')`),
);

const hostileDocuments = fc
  .array(fc.oneof({ weight: 3, arbitrary: hostile }, { weight: 1, arbitrary: documents }), {
    maxLength: 4,
  })
  .chain((parts) => fc.constantFrom(parts.join(" "), parts.join("\n"), parts.join("\n\n> - ")));

describe("hostile text", { timeout: 120_000 + runs * 200 }, () => {
  it("makes no element or attribute but ours, in one go and streamed", () => {
    fc.assert(
      fc.property(hostileDocuments, fc.integer({ min: 1, max: 9 }), (text, size) => {
        streamed(text, text.length || 1, expectHarmless);
        streamed(text, size, expectHarmless);
      }),
      { numRuns: runs },
    );
  });

  it.each(schemes.filter((address) => !/^(https?:\/\/|mailto)/.test(address)))(
    "makes no link of %j",
    (address) => {
      for (const use of usedAs) {
        const root = streamed(use(address), 3, expectHarmless);
        for (const link of root.querySelectorAll("a")) {
          // The rest of such an address may hold one that is harmless.
          expect(link.href).toMatch(/^http:\/\/(x|evil\.example)\b/);
        }
      }
    },
  );

  it.each(raw)("shows %j as text", (text) => {
    const root = streamed(`a ${text}\n\n${text}\n`, 2, expectHarmless);
    const characters = (root.textContent ?? "").replace(/\s/g, "");
    const expected = text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replace(/\s/g, "");
    expect(characters.split(expected)).toHaveLength(3);
  });

  it("loads no image before it is clicked, and then without saying who asks", () => {
    const root = document.createElement("div");
    const { signal } = new AbortController();
    renderMarkdown(root, "![A cat](https://img.example/cat.png)", {
      onCopy: async () => true,
      signal,
    });
    expect(root.querySelector("img")).toBeNull();
    const button = root.querySelector("button");
    expect(button?.textContent).toBe("A catimg.example");
    button?.click();
    const image = root.querySelector("img");
    expect(image?.src).toBe("https://img.example/cat.png");
    expect(image?.alt).toBe("A cat");
    expect(image?.referrerPolicy).toBe("no-referrer");
  });

  it("gives formulas no element or attribute but those of MathML", () => {
    const commands = fc.constantFrom(
      "\\href{javascript:alert(1)}{x}",
      "\\url{javascript:alert(1)}",
      "\\includegraphics[width=9em]{http://evil.example/x.png}",
      "\\htmlClass{pgw-frame}{x}",
      "\\htmlId{id}{x}",
      "\\htmlStyle{position:fixed}{x}",
      "\\htmlData{a=b}{x}",
      "\\text{<script>alert(1)</script>}",
      "\\color{red} x",
      "\\rule{1000em}{1000em}",
      "\\def\\a{\\a\\a}\\a",
      "\\frac{a}{b}",
      "\\begin{matrix} a & b \\\\ c & d \\end{matrix}",
      "\\sqrt[3]{x^2}",
      "\\text{\"'&<>}",
      "{",
      "}",
      "^",
    );
    const formula = fc.array(fc.oneof(commands, fc.string({ maxLength: 5 })), { maxLength: 4 });
    fc.assert(
      fc.property(formula, fc.boolean(), (parts, display) => {
        const markup = renderMath(parts.join(" "), display);
        const math = markup === undefined ? undefined : toMathElement(markup, "source", document);
        for (const element of math === undefined ? [] : [math, ...math.querySelectorAll("*")]) {
          expect(element.namespaceURI).toBe("http://www.w3.org/1998/Math/MathML");
          expect(element.localName).toMatch(/^m[a-z]+$/);
          for (const { name, value } of element.attributes) {
            expect(name).not.toMatch(/^(on|href|src|class|id|style|xlink|data|mathcolor|mathb)/);
            if (name !== "alttext") expect(value).not.toMatch(/[:("'<>]/);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it("can't get an element into a formula that a renderer should not have made", () => {
    const markup =
      '<span><math xmlns="http://www.w3.org/1998/Math/MathML" onclick="a()" href="javascript:b()">' +
      '<mi style="color:red" class="c" id="d" mathvariant="bold">x</mi>' +
      '<script xmlns="http://www.w3.org/1999/xhtml">c()</script>' +
      '<annotation-xml encoding="text/html"><img xmlns="http://www.w3.org/1999/xhtml" src="x"/>' +
      "</annotation-xml></math></span>";
    const math = toMathElement(markup, "x", document);
    expect(math?.outerHTML).toBe('<math alttext="x"><mi mathvariant="bold">x</mi>c()</math>');
    expect(toMathElement("<math", "x", document)).toBeUndefined();
    expect(toMathElement("<p>x</p>", "x", document)).toBeUndefined();
  });

  it("has as its classes of colours only its own", () => {
    for (const name of paintClasses) expect(name).toMatch(attributes.get("class") ?? /$^/);
  });
});
