// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test } from "vitest";
import { standBeside, transcriptRule } from "./transcript.ts";

let life: AbortController;

beforeEach(() => {
  life = new AbortController();
});

afterEach(() => {
  life.abort();
  document.body.replaceChildren();
});

function output(...children: Element[]): HTMLElement {
  const area = document.createElement("div");
  area.className = "jp-OutputArea-child";
  area.append(...children);
  return document.body.appendChild(area);
}

function transcript(id: string): HTMLElement {
  const made = document.createElement("div");
  made.dataset.pgwTranscript = id;
  return made;
}

function view(signal = life.signal) {
  const root = document.createElement("div");
  root.className = "pgw";
  const area = output(root);
  return { root, area, show: standBeside(root, signal) };
}

const isShown = (element: Element) => getComputedStyle(element).display !== "none";

test("while the widget shows, its transcript is hidden, also one that is rendered later", () => {
  view().show("a1", "widget");
  const area = output(transcript("a1"));
  expect(isShown(area)).toBe(false);
  area.replaceChildren(transcript("a1"));
  expect(isShown(area)).toBe(false);
});

test("a transcript of another widget stays", () => {
  view().show("a1", "widget");
  expect(isShown(output(transcript("b2")))).toBe(true);
});

test("without a kernel the widget steps aside, if there is a transcript", () => {
  const { root, area, show } = view();
  show("a1", "transcript");
  expect(isShown(root)).toBe(true);
  const other = output(transcript("a1"));
  expect([isShown(root), isShown(area), isShown(other)]).toEqual([false, false, true]);
});

test("the transcript shows again when the last view goes", () => {
  const other = new AbortController();
  view().show("a1", "widget");
  view(other.signal).show("a1", "widget");
  const area = output(transcript("a1"));
  other.abort();
  expect(isShown(area)).toBe(false);
  life.abort();
  expect(isShown(area)).toBe(true);
});

test("a name that is none makes no rule", () => {
  for (const id of [null, undefined, "", '"]{}*', "a b"]) {
    expect(transcriptRule(id, "widget")).toBe("");
  }
});
