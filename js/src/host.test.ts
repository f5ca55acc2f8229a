// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createHost, hostKind } from "./host.ts";
import { FakeWidget } from "./testing/fake-widget.ts";
import { stubLayout } from "./testing/stub-layout.ts";

beforeEach(stubLayout);

afterEach(() => {
  document.body.replaceChildren();
  for (const name of Object.keys(document.body.dataset)) delete document.body.dataset[name];
});

describe("the host", () => {
  test("is a page unless something tells otherwise", () => {
    expect(hostKind(undefined, document.body)).toBe("page");
  });

  test("is JupyterLab or Notebook by its widget manager or its theme", () => {
    expect(hostKind({ context: { sessionContext: {} } }, document.body)).toBe("jupyterlab");
    document.body.dataset.jpThemeName = "JupyterLab Light";
    expect(hostKind(undefined, document.body)).toBe("jupyterlab");
  });

  test("is VS Code by its theme, though it may carry JupyterLab's too", () => {
    document.body.dataset.jpThemeName = "JupyterLab Light";
    document.body.dataset.vscodeThemeKind = "vscode-dark";
    expect(hostKind(undefined, document.body)).toBe("vscode");
  });

  test("is Colab by its global", () => {
    vi.stubGlobal("google", { colab: {} });
    expect(hostKind(undefined, document.body)).toBe("colab");
  });

  test("is marimo by the element around the view, out of its shadow tree", () => {
    const element = document.body.appendChild(document.createElement("marimo-anywidget"));
    const inside = document.createElement("div");
    element.attachShadow({ mode: "open" }).append(inside);
    expect(hostKind(undefined, inside)).toBe("marimo");
  });
});

describe("a view", () => {
  function view() {
    const el = document.body.appendChild(document.createElement("div"));
    const life = new AbortController();
    const host = createHost(new FakeWidget().handle(), el, life.signal);
    return { el, life, host };
  }

  test("gets a root with its theme and host, which goes when the view does", () => {
    document.body.style.backgroundColor = "black";
    const { el, life, host } = view();
    expect([...el.children]).toEqual([host.root]);
    expect(host.root.className).toBe("pgw");
    expect(host.root.dataset).toMatchObject({ theme: "dark", host: "page" });
    life.abort();
    expect(el.children).toHaveLength(0);
    document.body.removeAttribute("style");
  });

  test("keeps its keys from the notebook, after its own listeners have had them", () => {
    const { host, life } = view();
    const field = host.root.appendChild(document.createElement("textarea"));
    const heard: string[] = [];
    const listen = (target: EventTarget, name: string) => {
      for (const type of ["keydown", "keypress", "keyup"]) {
        target.addEventListener(type, () => heard.push(`${name} ${type}`), { signal: life.signal });
      }
    };
    listen(field, "field");
    listen(document, "notebook");
    for (const type of ["keydown", "keypress", "keyup"]) {
      field.dispatchEvent(new KeyboardEvent(type, { key: "d", bubbles: true }));
    }
    expect(heard).toEqual(["field keydown", "field keypress", "field keyup"]);
    life.abort();
  });

  test("marks what has the focus too, for shortcuts that hold wherever the focus is", () => {
    const { host, life } = view();
    const button = host.root.appendChild(document.createElement("button"));
    expect(host.root.getAttribute("data-lm-suppress-shortcuts")).toBe("true");
    expect(button.hasAttribute("data-lm-suppress-shortcuts")).toBe(false);
    button.focus();
    expect(button.getAttribute("data-lm-suppress-shortcuts")).toBe("true");
    life.abort();
  });
});
