// @vitest-environment jsdom
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inOneGo } from "./fixtures/render.ts";
import { Normalizer, normalize } from "./normalize.ts";
import { decodeHTML } from "./slim/entities.ts";
import { toASCII } from "./slim/punycode.ts";
import * as unicode from "./slim/uc.micro.ts";

describe("normalizing", () => {
  it("gives the same for pieces as for the whole", () => {
    const text = fc
      .array(fc.constantFrom("\r", "\n", "\0", "a", "\u{d83d}", "\u{de00}", "é"), { maxLength: 20 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 4 }), (whole, size) => {
        const normalizer = new Normalizer();
        let result = "";
        for (let at = 0; at < whole.length; at += size) {
          result += normalizer.take(whole.slice(at, at + size));
        }
        expect(result + normalizer.rest()).toBe(normalize(whole));
      }),
    );
  });

  it("never lets half a character through while the rest may come", () => {
    const normalizer = new Normalizer();
    expect(normalizer.take("a\u{d83d}")).toBe("a");
    expect(normalizer.take("\u{de00}b")).toBe("\u{1f600}b");
  });
});

describe("bare addresses", () => {
  it.each([
    ["http://a.example/b_c_d", "http://a.example/b_c_d"],
    ["HTTPS://a.example", "HTTPS://a.example"],
    ["http://localhost:8888/lab", "http://localhost:8888/lab"],
    ["see www.a.example.", "http://www.a.example"],
    ["(http://a.example/b(c))", "http://a.example/b(c)"],
    ["http://a.example/b), c", "http://a.example/b"],
    ["http://a.example/?x=1&amp;", "http://a.example/?x=1"],
    ["a.b+c@d.example!", "mailto:a.b+c@d.example"],
    ["*http://a.example*", "http://a.example"],
  ])("in %j lead to %s", (text, href) => {
    expect(inOneGo(text).querySelector("a")?.getAttribute("href")).toBe(href);
  });

  it.each([
    "a.example",
    "ftp://a.example",
    "//a.example",
    "xhttp://",
    "www.",
    "a@b",
    "x@y.z_",
    "@a.b",
  ])("are not seen in %j", (text) => {
    expect(inOneGo(text).innerHTML).toBe(`<p>${text}</p>`);
  });

  it("are shown as they were written", () => {
    const text = "http://a.example/%D1%82%20 https://b.example/тест";
    expect(inOneGo(text).textContent).toBe(text);
  });
});

describe("lists of tasks", () => {
  it("have boxes that can't be ticked but have a name", () => {
    const boxes = inOneGo("- [ ] a\n- [x] b\n\n1. [X] c\n").querySelectorAll("input");
    expect([...boxes].map((box) => [box.checked, box.disabled, box.ariaLabel])).toEqual([
      [false, true, "Not done"],
      [true, true, "Done"],
      [true, true, "Done"],
    ]);
  });

  it.each(["- [x]y", "- [ ]", "- [y] z", "[ ] a", "- # [ ] a", "- a [ ] b"])(
    "are not seen in %j",
    (text) => {
      expect(inOneGo(text).querySelector("input")).toBeNull();
    },
  );
});

describe("tables", () => {
  it("have cells aligned as the second line says", () => {
    const root = inOneGo("|a|b|c|\n|:-|:-:|-:|\n|1|2|3|\n");
    const classes = [...root.querySelectorAll("td")].map((cell) => cell.className);
    expect(classes).toEqual(["", "pgw-center", "n"]);
    expect(root.querySelector(".pgw-tablewrap > table.pgw-table > thead th")).not.toBeNull();
  });
});

describe("maths", () => {
  it.each([
    ["$x$", ["x"]],
    ["a $x+y$, b", ["x+y"]],
    ["$$x$$", ["x"]],
    ["a $$x$$ b", ["x"]],
    ["\\(x\\) \\[y\\]", ["x", "y"]],
    ["$a_1$ and $b_1$", ["a_1", "b_1"]],
    ["text\n$$\nx\ny\n$$\nmore", ["x\ny"]],
    ["\\[\nx\n\\]", ["x"]],
    ["- item\n  $$\n  x\n  $$\n", ["x"]],
    ["> $$\n> x\n> $$\n", ["x"]],
    ["|a|\n|-|\n|$x$|\n", ["x"]],
    ["$$\nopen", ["$$\nopen"]],
    ["$a \\$ b$", ["a \\$ b"]],
    ["costs $5 and $10", []],
    ["$ x $", []],
    ["`$x$`", []],
    ["\\$x$", []],
    ["$$", ["$$"]],
    ["$$ a\n\nb $$", []],
    ["\\[a](b)", []],
    ["\\(", []],
    ["    $$\n    x\n    $$\n", []],
  ])("in %j is %j", (text, formulas) => {
    const found = [...inOneGo(text).querySelectorAll(".pgw-math")];
    expect(found.map((formula) => formula.textContent)).toEqual(formulas);
  });
});

describe("very deep nesting", () => {
  it.each(["> ", "- ", "1. "])("of %j loses no text", (marker) => {
    const root = inOneGo(`${marker.repeat(500)}deep\n\nafter`);
    expect(root.textContent).toContain("deep");
    expect(root.lastElementChild?.outerHTML).toBe("<p>after</p>");
  });
});

describe("what stands in for packages in the bundle", () => {
  it.each([
    ["&amp;", "&"],
    ["&nbsp;", "\u{a0}"],
    ["&eacute;", "é"],
    ["&AElig;", "Æ"],
    ["&hellip;", "…"],
    ["&semi;", ";"],
    ["&Tab;", "\t"],
    ["&NewLine;", "\n"],
    ["&ngE;", "≧\u{338}"],
    ["&fjlig;", "fj"],
    ["&CounterClockwiseContourIntegral;", "∳"],
  ])("knows the named character %s", (reference, character) => {
    expect(decodeHTML(reference)).toBe(character);
    // The second time it comes from memory.
    expect(decodeHTML(reference)).toBe(character);
  });

  it("leaves alone what is no named character", () => {
    for (const text of ["&nope;", "&notit;", "&copyfoo;", "&;", "&amp", "&a b;", "<b>", "&#65;"]) {
      expect(decodeHTML(text)).toBe(text);
    }
  });

  it("knows punctuation and symbols", () => {
    const is = (character: string) => unicode.P.test(character) || unicode.S.test(character);
    expect([..."!#%&*-@[]_{}«»¿‘’…、$+<=>^`|~£€©√→★"].every(is)).toBe(true);
    expect([..."aZ9 \t\néßжא字\u{a0}\u{301}"].some(is)).toBe(false);
  });

  it("encodes host names that are not ASCII, and no others", () => {
    expect(toASCII("bücher.example")).toBe("xn--bcher-kva.example");
    expect(toASCII("FOO.Example")).toBe("FOO.Example");
  });
});
