import fc from "fast-check";
import { expect, test } from "vitest";
import { JsonReader, type Kind, type Sink } from "./reader.ts";

type Told = readonly [what: string, ...more: (string | undefined)[]];

/** Keeps what it is told, and builds the value. */
class Recorder implements Sink {
  readonly told: Told[] = [];
  readonly #open: (unknown[] | Record<string, unknown>)[] = [];
  #string: { key: string | undefined; text: string } | undefined;
  value: unknown;
  rest = "";

  open(kind: Kind, key: string | undefined): void {
    this.#settle();
    this.told.push(["open", kind, key]);
    const made = kind === "array" ? [] : {};
    this.#put(key, made);
    this.#open.push(made);
  }

  close(): void {
    this.#settle();
    this.told.push(["close"]);
    this.#open.pop();
  }

  string(key: string | undefined): void {
    this.#settle();
    this.#string = { key, text: "" };
    this.told.push(["string", key]);
  }

  text(piece: string): void {
    if (!this.#string) throw new Error("There is no text here");
    this.#string.text += piece;
    // Pieces of one text are one, wherever they were cut.
    const last = this.told.at(-1);
    if (last?.[0] === "text") this.told.pop();
    this.told.push(["text", this.#string.text]);
  }

  scalar(text: string, key: string | undefined): void {
    this.#settle();
    this.told.push(["scalar", text, key]);
    this.#put(key, JSON.parse(text));
  }

  broken(rest: string): void {
    this.#settle();
    this.rest += rest;
  }

  end(): void {
    this.#settle();
  }

  #settle(): void {
    const string = this.#string;
    this.#string = undefined;
    if (string) this.#put(string.key, string.text);
  }

  #put(key: string | undefined, value: unknown): void {
    const place = this.#open.at(-1);
    if (!place) this.value = value;
    else if (Array.isArray(place)) place.push(value);
    else {
      const field = { value, enumerable: true, writable: true, configurable: true };
      Object.defineProperty(place, key ?? "", field);
    }
  }
}

function read(text: string, cuts: readonly number[] = []): { recorder: Recorder; whole: boolean } {
  const recorder = new Recorder();
  const reader = new JsonReader(recorder);
  let from = 0;
  for (const cut of [...cuts, text.length].map((at) => at % (text.length + 1)).sort(byNumber)) {
    reader.feed(text.slice(from, cut));
    from = cut;
  }
  reader.feed(text.slice(from));
  const whole = reader.end();
  recorder.end();
  return { recorder, whole };
}

const byNumber = (a: number, b: number) => a - b;
const cuts = fc.array(fc.nat(10_000), { maxLength: 20 });
const space = fc.constantFrom(undefined, 2, "\t");

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test("a whole text gives what JSON.parse gives, wherever it is cut", () => {
  fc.assert(
    fc.property(fc.jsonValue(), space, cuts, (value, indent, at) => {
      const text = JSON.stringify(value, null, indent);
      const { recorder, whole } = read(text, at);
      expect(whole).toBe(true);
      expect(recorder.rest).toBe("");
      expect(recorder.value).toEqual(JSON.parse(text));
    }),
  );
});

test("texts with escapes of every kind give what JSON.parse gives", () => {
  const special = fc.constantFrom("\\n", '\\"', "\\/", "\\\\", "\\u00e4", "\\ud83d\\ude00", "\\t");
  const piece = fc.oneof(special, fc.string({ unit: "grapheme" }).map(quoted));
  fc.assert(
    fc.property(fc.array(piece), cuts, (pieces, at) => {
      const text = `{"${pieces.join("")}": "${pieces.join("")}"}`;
      expect(read(text, at).recorder.value).toEqual(JSON.parse(text));
    }),
  );
});

const quoted = (text: string) => JSON.stringify(text).slice(1, -1);

test("the beginning of a text tells the beginning of what all of it tells", () => {
  fc.assert(
    fc.property(fc.jsonValue(), space, fc.nat(10_000), cuts, (value, indent, end, at) => {
      const text = JSON.stringify(value, null, indent);
      const part = text.slice(0, end % (text.length + 1));
      const recorder = new Recorder();
      const reader = new JsonReader(recorder);
      reader.feed(part);
      const all = read(text, at).recorder.told;
      const known = recorder.told;
      expect(recorder.rest).toBe("");
      expect(all.slice(0, Math.max(0, known.length - 1))).toEqual(known.slice(0, -1));
      const last = known.at(-1);
      if (!last) return;
      const same = all[known.length - 1];
      if (last[0] === "text") expect(same?.[1]?.startsWith(last[1] ?? "")).toBe(true);
      else expect(same).toEqual(last);
    }),
  );
});

test("what JSON.parse refuses is not whole, and any text is read without an error", () => {
  const noise = fc.array(
    fc.constantFrom("{", "}", "[", "]", ",", ":", '"', "\\", "u12", "1", "-", ".", "e", "t", "true",
      "null", " ", "\n", "\u0001", "a"),
  ); // biome-ignore format: one list
  fc.assert(
    fc.property(noise, cuts, (pieces, at) => {
      const text = pieces.join("");
      expect(read(text, at).whole).toBe(parses(text));
    }),
    { numRuns: 2000 },
  );
});

test("what is no JSON is handed over from where it stops being that", () => {
  expect(read('{"a": 1, oops').recorder.rest).toBe("oops");
  expect(read("Here you are: {}", [3, 9]).recorder.rest).toBe("Here you are: {}");
  expect(read('{"a": 1} thanks').recorder.rest).toBe("thanks");
  expect(read('["a\\qb"]', [4]).recorder.rest).toBe('\\qb"]');
  expect(read("[truth, 1]", [4]).recorder.rest).toBe("truth, 1]");
});

test("a piece is read once, however much came before it", () => {
  let told = 0;
  const sink: Sink = {
    open: () => told++,
    close: () => told++,
    string: () => told++,
    text: () => told++,
    scalar: () => told++,
    broken: () => told++,
  };
  const reader = new JsonReader(sink);
  reader.feed('{"items": [');
  for (let i = 0; i < 10_000; i++) {
    const before = told;
    reader.feed(`{"n": ${i}}, `);
    expect(told - before).toBe(3);
  }
});
