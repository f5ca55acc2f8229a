// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { firstSnapshot } from "../testing/first-snapshot.ts";
import { Page, type PageOptions } from "../testing/page.tsx";
import { message } from "../testing/samples.ts";

let page: Page;

afterEach(() => page.close());

const now = Date.now() / 1000;
const said = (text: string) => ({ messages: [message(text)], head: text });
const THREADS = [
  { id: "t1", updated: now },
  { id: "pinned", title: "Pinned one", updated: now - 9e5, pinned: true, thread: said("owls") },
  { id: "old", title: "Old one", updated: now - 5e7, branches: 3, thread: said("about Gentoo") },
];

async function open(options: PageOptions = {}): Promise<void> {
  page = new Page({ threads: THREADS, ...options });
  await page.settled();
  await page.click("Threads");
}

const titles = () => page.texts(".pgw-thread__open > span");
const row = (title: string) => {
  const all = [...page.root.querySelectorAll<HTMLElement>(".pgw-thread__open")];
  const found = all.find((each) => each.firstChild?.textContent === title);
  if (!found) throw new Error(`There is no row ${title}`);
  return found;
};

test("the threads stand below headings, the pinned ones first", async () => {
  await open();
  expect(titles()).toEqual(["Pinned one", "New thread", "Old one"]);
  expect(page.texts(".pgw-threads h3").slice(0, 2)).toEqual(["Pinned", "Today"]);
  expect(row("Old one").querySelector("small")?.textContent).toBe("3 branches");
  expect(row("New thread").ariaCurrent).toBe("true");
});

test("a list that was seen before is there at once, and is asked for again", async () => {
  await open();
  await page.click("Close");
  page.control("Threads").click();
  await new Promise((resolve) => requestAnimationFrame(resolve));
  expect(titles()).toHaveLength(3);
  await page.settled();
  expect(page.requests("threads")).toHaveLength(2);
});

test("the list is read again while it is open and may have changed", async () => {
  await open();
  const { settings } = page.kernel.present();
  page.kernel.channel.takeEvents({ type: "settings", settings: { ...settings, threads: 99 } });
  page.kernel.channel.takeEvents({ type: "settings", settings: { ...settings, threads: 99 } });
  await page.settled();
  expect(page.requests("threads")).toHaveLength(2);
});

test("a search marks what it found in what was said", async () => {
  await open();
  await page.type("input[type=search]", "gentoo");
  await vi.waitFor(() => expect(titles()).toEqual(["Old one"]));
  expect(page.texts(".pgw-thread mark")).toEqual(["Gentoo"]);
});

test("a search that finds nothing says so", async () => {
  await open();
  await page.type("input[type=search]", "zebra");
  await vi.waitFor(() =>
    expect(page.find(".pgw-threads").textContent).toContain("No thread matches “zebra”."),
  );
});

test("Enter in the search opens what it finds, also before that is shown", async () => {
  await open();
  await page.type("input[type=search]", "gentoo");
  await page.press("Enter");
  await page.settled();
  expect(page.store.thread.value.id).toBe("old");
});

test("Enter opens what is found, also while that is still being searched for", async () => {
  await open();
  const { channel } = page.kernel;
  const { onRequest } = channel;
  let answer = () => {};
  channel.onRequest = (asked) => {
    if (asked.type !== "threads") return onRequest(asked);
    answer = () => onRequest(asked);
  };
  await page.type("input[type=search]", "gentoo");
  await page.press("Enter");
  expect(page.requests("open_thread")).toEqual([]);
  answer();
  await page.settled();
  answer();
  await page.settled();
  expect(page.store.thread.value.id).toBe("old");
});

test("opening a thread closes a list that lies over the messages, and one can write", async () => {
  await open();
  row("Old one").click();
  await page.settled();
  expect(page.store.thread.value.id).toBe("old");
  expect(page.root.querySelector(".pgw-drawer")).toBe(null);
  expect(document.activeElement).toBe(page.find(".pgw-composer textarea"));
});

test("a list that stands beside the messages stays, and covers nothing", async () => {
  await open({ width: 1200 });
  expect(page.root.querySelector(".pgw-shade")).toBe(null);
  row("Old one").click();
  await page.settled();
  expect(page.store.thread.value.id).toBe("old");
  expect(row("Old one").ariaCurrent).toBe("true");
});

test("what lies below the list cannot be reached while it is open", async () => {
  await open();
  expect(page.find(".pgw-chat").hasAttribute("inert")).toBe(true);
  await page.press("Escape");
  expect(page.find(".pgw-chat").hasAttribute("inert")).toBe(false);
});

test("Escape closes the list, and the focus returns to its button", async () => {
  await open();
  await page.press("Escape");
  expect(page.root.querySelector(".pgw-drawer")).toBe(null);
  expect(document.activeElement).toBe(page.control("Threads"));
  expect(page.control("Threads").ariaExpanded).toBe("false");
});

test("the arrows go from the search through the rows, which are one tab stop", async () => {
  await open();
  expect(document.activeElement).toBe(page.find("input[type=search]"));
  await page.press("ArrowDown");
  expect(document.activeElement).toBe(row("New thread"));
  await page.press("ArrowDown");
  expect(document.activeElement).toBe(row("Old one"));
  expect([row("New thread").tabIndex, row("Old one").tabIndex]).toEqual([-1, 0]);
  await page.press("Home");
  await page.press("ArrowUp");
  expect(document.activeElement).toBe(page.find("input[type=search]"));
  await page.press("ArrowDown");
  await page.press("/");
  expect(document.activeElement).toBe(page.find("input[type=search]"));
});

test("F2 renames a thread in its place", async () => {
  await open();
  row("Old one").focus();
  await page.press("F2");
  const field = page.find<HTMLInputElement>(".pgw-thread input");
  expect(document.activeElement).toBe(field);
  field.value = "Better";
  await page.press("Enter");
  expect(page.requests("rename_thread")).toMatchObject([{ thread: "old", title: "Better" }]);
  expect(document.activeElement).toBe(row("Better"));
});

test("Escape while renaming keeps the title and the list", async () => {
  await open();
  row("Old one").focus();
  await page.press("F2");
  page.find<HTMLInputElement>(".pgw-thread input").value = "Worse";
  await page.press("Escape");
  expect(page.requests("rename_thread")).toEqual([]);
  expect(document.activeElement).toBe(row("Old one"));
});

test("a row has its actions when it has the focus", async () => {
  await open();
  row("Old one").focus();
  await page.settled();
  await page.click("Pin “Old one”");
  expect(page.requests("pin_thread")).toMatchObject([{ thread: "old", pinned: true }]);
  expect(titles()).toEqual(["Pinned one", "Old one", "New thread"]);
  expect(document.activeElement).toBe(row("Old one"));
  await page.click("Duplicate “Old one”");
  expect(page.find(".pgw-toast").textContent).toContain("Duplicated “Old one”");
});

test("Delete asks nothing, goes on to the next row, and can be taken back", async () => {
  await open();
  row("Pinned one").focus();
  await page.press("Delete");
  expect(titles()).toEqual(["New thread", "Old one"]);
  expect(document.activeElement).toBe(row("New thread"));
  expect(page.find(".pgw-toast").textContent).toContain("Deleted “Pinned one”");
  await page.click("Undo");
  expect(titles()).toEqual(["Pinned one", "New thread", "Old one"]);
});

test("Z takes a delete back from wherever the focus is left, and the toast says so", async () => {
  await open();
  row("Old one").focus();
  await page.press("Delete");
  expect(page.control("Undo").textContent).toBe("UndoZ");
  expect(page.control("Undo").getAttribute("aria-keyshortcuts")).toBe("Z");
  const focused = document.activeElement;
  await page.press("z");
  expect(titles()).toEqual(["Pinned one", "New thread", "Old one"]);
  expect(page.root.querySelector(".pgw-toast")).toBe(null);
  expect(document.activeElement).toBe(focused);
  await page.press("z");
  expect(page.requests("restore_thread")).toHaveLength(1);
});

test("Z is a letter where one types", async () => {
  await open();
  row("Old one").focus();
  await page.press("Delete");
  page.find("input[type=search]").focus();
  await page.press("z");
  expect(page.requests("restore_thread")).toEqual([]);
});

test("the last thread of the list can be taken back by key, too", async () => {
  await open({ threads: [] });
  row("New thread").focus();
  await page.press("Delete");
  expect(document.activeElement).toBe(page.find(".pgw-drawer"));
  await page.press("Z");
  expect(page.requests("restore_thread")).toHaveLength(1);
});

test("taking back that the open thread was deleted opens it again", async () => {
  page = new Page({ threads: THREADS });
  await page.settled();
  await page.click("New thread, what");
  await page.click("Delete");
  expect(page.store.thread.value.id).not.toBe("t1");
  await page.click("Undo");
  expect(page.store.thread.value.id).toBe("t1");
});

test("a row that could not be deleted comes back", async () => {
  await open();
  const { channel } = page.kernel;
  const { onRequest } = channel;
  channel.onRequest = (asked) => {
    const { request, type } = asked;
    if (type !== "delete_thread") return onRequest(asked);
    const error = { kind: "conflict", title: "It is being written elsewhere", detail: "" };
    channel.takeEvents({ type: "refused", request, error });
  };
  row("Old one").focus();
  await page.press("Delete");
  expect(page.find(".pgw-toast").textContent).toContain("It is being written elsewhere");
  expect(titles()).toContain("Old one");
});

test("what was written in a thread is there again when one comes back to it", async () => {
  await open();
  page.store.drafts.text.value = "half a question";
  row("Old one").click();
  await page.settled();
  const field = () => page.find<HTMLTextAreaElement>(".pgw-composer textarea");
  expect(field().value).toBe("");
  await page.click("Threads");
  row("New thread").click();
  await page.settled();
  expect(field().value).toBe("half a question");
});

test("in another thread no message is current", async () => {
  await open();
  row("Old one").click();
  await page.settled();
  page.find('[data-id="about Gentoo"]').focus();
  await page.settled();
  expect(page.root.querySelectorAll(".pgw-msg.is-current")).toHaveLength(1);
  await page.click("Threads");
  row("Pinned one").click();
  await page.settled();
  expect(page.root.querySelectorAll(".pgw-msg.is-current")).toHaveLength(0);
});

test("where threads are kept is said when it matters", async () => {
  const { settings } = firstSnapshot;
  const kept = (storage: { kind: "file" | "memory"; error: string | null }) =>
    open({ snapshot: { ...firstSnapshot, settings: { ...settings, storage } } });
  await kept({ kind: "file", error: null });
  expect(page.root.querySelector(".pgw-drawer__foot")).toBe(null);
  page.close();
  await kept({ kind: "memory", error: null });
  expect(page.find(".pgw-drawer__foot").textContent).toContain("in memory only");
  page.close();
  await kept({ kind: "file", error: "The disk is full." });
  expect(page.find(".pgw-drawer__foot").textContent).toBe("The disk is full.");
});

function choose(file: object): void {
  const field = page.find<HTMLInputElement>("input[type=file].pgw-import");
  Object.defineProperty(field, "files", { value: [file], configurable: true });
  field.dispatchEvent(new Event("change"));
}

test("a file is imported, and its first thread opens", async () => {
  await open();
  choose({ name: "birds.json", size: 2, text: async () => "{}" });
  await page.settled();
  expect(page.requests("import_threads")).toMatchObject([{ name: "birds.json", text: "{}" }]);
  expect(page.store.thread.value.title).toBe("birds");
  expect(page.find(".pgw-toast").textContent).toContain("Imported 1 thread from birds.json");
});

test("a file that is too large is not read", async () => {
  await open();
  const text = vi.fn();
  choose({ name: "huge.ipynb", size: 62_000_000, text });
  await page.settled();
  expect(text).not.toHaveBeenCalled();
  expect(page.find(".pgw-toast").textContent).toContain(
    "huge.ipynb has 62.0 MB, more than the 8.0 MB that a page can send. Read it from Python: Playground.from_json(path).",
  );
});

test("a thread opens as a page, and where the server has none a word says so", async () => {
  const openPage = vi.fn(async (_: string) => false);
  const thread = { ...firstSnapshot.thread, ...said("Hello") };
  page = new Page({ openPage, snapshot: { ...firstSnapshot, thread } });
  await page.settled();
  await page.click("More");
  await page.click("Open as a page");
  expect(openPage).toHaveBeenCalledWith(page.store.thread.value.id);
  expect(page.find(".pgw-toast").textContent).toContain("Install playground_widget");
});

test("a file that cannot be read is not imported, and that is said", async () => {
  page = new Page();
  await page.settled();
  const file = new File(["{}"], "gone.json");
  file.text = () => Promise.reject(new DOMException("It is gone", "NotFoundError"));
  const field = page.find<HTMLInputElement>(".pgw-import");
  Object.defineProperty(field, "files", { value: [file] });
  field.dispatchEvent(new Event("change", { bubbles: true }));
  await page.settled();
  expect(page.requests("import_threads")).toEqual([]);
  expect(page.find(".pgw-toast").textContent).toContain("gone.json cannot be read.");
});
