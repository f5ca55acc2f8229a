// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeServer } from "../testing/fake-server.ts";
import { moduleFromSource } from "../testing/page.tsx";
import { message, snapshot } from "../testing/samples.ts";
import { stubLayout } from "../testing/stub-layout.ts";
import { startPage } from "./start.ts";

// Node imports no modules over HTTP: panels come from their sources.
vi.mock("../channel/graphql.ts", async (original) => {
  const { graphqlChannel } = await original<typeof import("../channel/graphql.ts")>();
  return {
    graphqlChannel: (...given: Parameters<typeof graphqlChannel>) =>
      Object.assign(graphqlChannel(...given), { module: moduleFromSource }),
  };
});

const BASE = "/user/ada/";
const NEW = `${BASE}playground`;
const start = snapshot(5, [message("Hi")], { thread: { title: "Penguins", model: "demo" } });

let life: AbortController;
let place: HTMLElement;
let width = 1440;

beforeEach(() => {
  stubLayout();
  vi.stubGlobal(
    "ResizeObserver",
    class {
      constructor(readonly notice: () => void) {}
      observe(): void {
        queueMicrotask(this.notice);
      }
      unobserve(): void {}
      disconnect(): void {}
    },
  );
  width = 1440;
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockImplementation(() => width);
  Element.prototype.scrollIntoView = () => undefined;
  localStorage.clear();
  history.replaceState(null, "", NEW);
  life = new AbortController();
  place = document.createElement("div");
  place.id = "playground";
  Object.assign(place.dataset, {
    baseUrl: BASE,
    graphqlUrl: `${BASE}playground/graphql`,
    staticUrl: `${BASE}playground/static/`,
  });
  document.body.append(place);
});

afterEach(() => {
  life.abort();
  place.remove();
});

function visit(path = NEW): void {
  history.replaceState(null, "", path);
  startPage(place, life.signal);
}

const text = () => place.textContent ?? "";
/** However busy the machine is. */
const until = (check: () => void) => vi.waitFor(check, { timeout: 30_000 });
const shows = (words: string) => until(() => expect(text()).toContain(words));

const at = (path: string) => until(() => expect(location.pathname).toBe(path));
const pathOf = (thread: string) => `${NEW}/thread/${thread}`;

function control(name: string): HTMLElement {
  const all = [...place.querySelectorAll<HTMLElement>("button, a")];
  const found = all.find((each) => (each.ariaLabel ?? each.textContent)?.startsWith(name));
  if (!found) throw new Error(`There is nothing called ${name}`);
  return found;
}

const composer = () => place.querySelector<HTMLTextAreaElement>("textarea[name=message]");

/** The page listens to keys, and has put the focus where one writes. */
const ready = () => until(() => expect(document.activeElement).toBe(composer()));

async function write(words: string): Promise<void> {
  await until(() => expect(composer()?.disabled).toBe(false));
  const field = composer();
  if (!field) return;
  field.value = words;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

function pressEnter(): void {
  composer()?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
}

describe("the address", () => {
  test("of a new thread becomes its own with the first message", async () => {
    const server = new FakeServer({ script: () => ({ text: "Yes" }) });
    visit();
    await write("Hello");
    expect(location.pathname).toBe(NEW);
    expect(document.title).toBe("Playground");
    const steps = history.length;
    pressEnter();
    await at(pathOf(server.kernel.present().thread.id));
    expect(history.length).toBe(steps);
  });

  test("opens its thread, whose title the page has", async () => {
    new FakeServer({ snapshot: start });
    visit(pathOf("t"));
    await shows("Penguins");
    expect(document.title).toBe("Penguins");
    expect(location.pathname).toBe(pathOf("t"));
  });

  test("of a thread that is not there says so, with a way on", async () => {
    const server = new FakeServer();
    visit(pathOf("nowhere"));
    await shows("This thread is not here");
    expect(location.pathname).toBe(pathOf("nowhere"));
    control("New thread").click();
    await at(NEW);
    await until(() => expect(composer()).not.toBeNull());
    expect(server.inputs("createThread")).toHaveLength(1);
  });

  test("goes back and forward with the threads", async () => {
    const other = { id: "o", title: "Islands", thread: { head: "m", messages: [message("m")] } };
    new FakeServer({ snapshot: start, threads: [other] });
    visit(pathOf("t"));
    await until(() => control("Islands"));
    control("Islands").click();
    await at(pathOf("o"));
    expect(document.title).toBe("Islands");
    history.back();
    await at(pathOf("t"));
    await until(() => expect(document.title).toBe("Penguins"));
    history.forward();
    await at(pathOf("o"));
    await until(() => expect(document.title).toBe("Islands"));
    expect(location.pathname).toBe(pathOf("o"));
  });

  test("follows a deletion to a new thread, and back when it is undone", async () => {
    new FakeServer({ snapshot: start });
    visit(pathOf("t"));
    await until(() => control("Penguins, what to do with this thread").click());
    await until(() => control("Delete").click());
    await at(NEW);
    expect(document.title).toBe("Playground");
    await until(() => control("Undo").click());
    await at(pathOf("t"));
    expect(document.title).toBe("Penguins");
  });

  test("of a thread that was deleted since leads nowhere, and says so", async () => {
    const other = { id: "o", title: "Islands", thread: { head: "m", messages: [message("m")] } };
    const server = new FakeServer({ snapshot: start, threads: [other] });
    visit(pathOf("t"));
    await until(() => control("Islands"));
    control("Islands").click();
    await at(pathOf("o"));
    server.missing.add("t");
    history.back();
    await shows("This thread is not here");
    await at(pathOf("o"));
    expect(document.title).toBe("Islands");
  });

  test("of each thread that was deleted since says so, though in the same words", async () => {
    const named = (title: string) => ({
      id: title,
      title,
      thread: { title, head: title, messages: [message(title)] },
    });
    const server = new FakeServer({ snapshot: start, threads: [named("One"), named("Two")] });
    visit(pathOf("t"));
    for (const title of ["One", "Two"]) {
      await until(() => control(title).click());
      await at(pathOf(title));
    }
    for (const gone of ["One", "t"]) {
      server.missing.add(gone);
      history.back();
      await shows("This thread is not here");
      await until(() => control("Close").click());
      expect(text()).not.toContain("This thread is not here");
    }
  });

  test("of an empty thread that the server has forgotten is that of a new one", async () => {
    const other = { id: "o", title: "Islands", thread: { head: "m", messages: [message("m")] } };
    const server = new FakeServer({ threads: [other] });
    visit();
    await until(() => control("Islands"));
    await until(() => expect(history.state).toMatchObject({ thread: expect.any(String) }));
    server.missing.add((history.state as { thread: string }).thread);
    control("Islands").click();
    await at(pathOf("o"));
    history.back();
    await at(NEW);
    await until(() => expect(server.inputs("createThread")).toHaveLength(2));
    await until(() => expect(document.title).toBe("Playground"));
  });
});

describe("the page", () => {
  test("fills the window: there is no height to change", async () => {
    new FakeServer({ snapshot: start });
    visit(pathOf("t"));
    await shows("Penguins");
    expect(place.querySelector(".pgw-grip")).toBeNull();
    expect(place.querySelector<HTMLElement>(".pgw-frame")?.style.height).toBe("");
    control("More").click();
    await shows("Import a file");
    expect(text()).not.toContain("Height");
  });

  test("has the list of threads beside the messages, and remembers that it was closed", async () => {
    new FakeServer({ snapshot: start });
    visit(pathOf("t"));
    await until(() => expect(place.querySelector(".pgw-drawer--dock")).not.toBeNull());
    await ready();
    control("Threads").click();
    await until(() => expect(place.querySelector(".pgw-drawer")).toBeNull());
    life.abort();
    life = new AbortController();
    startPage(place, life.signal);
    await until(() => expect(composer()).not.toBeNull());
    expect(place.querySelector(".pgw-drawer")).toBeNull();
  });

  test("that is narrow has the list over the messages, when it is asked for", async () => {
    width = 800;
    new FakeServer({ snapshot: start });
    visit(pathOf("t"));
    await ready();
    expect(place.querySelector(".pgw-drawer")).toBeNull();
    control("Threads").click();
    await until(() => expect(place.querySelector(".pgw-shade")).not.toBeNull());
    await until(() => expect(document.activeElement?.getAttribute("name")).toBe("threads"));
  });

  test("says where cells can be inserted, since it cannot", async () => {
    new FakeServer({ snapshot: start });
    visit(pathOf("t"));
    await ready();
    const chord = { key: "E", ctrlKey: true, shiftKey: true, bubbles: true };
    document.body.dispatchEvent(new KeyboardEvent("keydown", chord));
    await shows("Cells can be inserted from a notebook.");
    expect(text()).toContain("Download notebook");
    expect(text()).not.toContain("Into this notebook");
  });

  test("never speaks of a kernel", async () => {
    const server = new FakeServer();
    visit();
    await shows("Set OPENAI_API_KEY before the server starts");
    server.goAway();
    await shows("Reconnecting");
    expect(text()).not.toMatch(/kernel/i);
  });
});

describe("a page whose server is away", () => {
  test("keeps what is written, and says that it is not sent yet", async () => {
    const server = new FakeServer({ snapshot: start });
    visit(pathOf("t"));
    await write("half a question");
    server.goAway();
    await shows("Reconnecting");
    expect(composer()?.disabled).toBe(false);
    pressEnter();
    await shows("not sent yet");
    expect(composer()?.value).toBe("half a question");
    expect(text()).toContain("Hi");
    expect(place.querySelector(".pgw-drawer--dock")).not.toBeNull();
    // Nothing moves that is being read.
    expect(text()).toContain("Add a system prompt");
    server.comeBack();
    window.dispatchEvent(new Event("online"));
    await until(() => expect(control("Connection").ariaLabel).toBe("Connection: "));
    pressEnter();
    await until(() => expect(server.inputs("send")).toHaveLength(1));
  });

  test("for longer than 10 s says when it is tried again, or tries at once", async () => {
    const server = new FakeServer({ snapshot: start });
    visit(pathOf("t"));
    await write("half a question");
    const real = performance.now.bind(performance);
    server.goAway();
    await shows("Reconnecting");
    vi.spyOn(performance, "now").mockImplementation(() => real() + 11_000);
    await until(() => expect(text()).toMatch(/The server does not answer.*Trying again/));
    server.comeBack();
    await until(() => expect(control("Try now").matches(":enabled")).toBe(true));
    control("Try now").click();
    await until(() => expect(place.querySelector(".pgw-note")).toBeNull());
  });

  test("that wants a login has a link to it", async () => {
    const server = new FakeServer({ snapshot: start });
    visit(pathOf("t"));
    await write("half a question");
    server.status = 403;
    pressEnter();
    await shows("You are logged out");
    expect(control("Log in").getAttribute("href")).toBe(
      `${BASE}login?next=%2Fuser%2Fada%2Fplayground`,
    );
    expect(composer()?.value).toBe("half a question");
    server.status = undefined;
    control("Try again").click();
    await until(() => expect(place.querySelector(".pgw-note")).toBeNull());
  });

  test("and has lost the thread leaves it to be read", async () => {
    const server = new FakeServer({ snapshot: start });
    visit(pathOf("t"));
    await write("half a question");
    server.missing.add("t");
    server.restart();
    await until(() => expect(text()).toContain("This thread is not here any more"));
    expect(text()).toContain("Hi");
    expect(composer()).toBeNull();
  });
});
