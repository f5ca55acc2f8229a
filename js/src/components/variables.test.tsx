// @vitest-environment jsdom
import { afterEach, describe, expect, it } from "vitest";
import type { Message, Thread } from "../model.ts";
import { firstSnapshot } from "../testing/first-snapshot.ts";
import { Page } from "../testing/page.tsx";

let page: Page;
afterEach(() => page.close());

function message(id: string, role: Message["role"], text: string, more = {}): Message {
  const content = [{ type: "text" as const, text }];
  return { id, parent: null, role, content, status: "complete", created: 1, ...more };
}

/** Shows a thread whose messages follow each other. */
async function show(system: string, messages: readonly Message[] = []): Promise<void> {
  const chain = messages.map((each, i) => ({ ...each, parent: messages[i - 1]?.id ?? null }));
  const head = messages.at(-1)?.id ?? null;
  const thread: Thread = { ...firstSnapshot.thread, system, messages: chain, head };
  page = new Page({ snapshot: { ...firstSnapshot, thread }, speed: 1e6 });
  await page.settled();
}

/** The pause after which names are asked about is over. */
async function asked(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 320));
  await page.settled();
}

const chips = () => page.texts(".pgw-chip");
const disabled = (name: string) => (page.control(name) as HTMLButtonElement).disabled;

describe("the composer", () => {
  it("shows one variable in its bar, and more in a row", async () => {
    await show("Answer in {{language}}.");
    page.kernel.assign("language", { text: "English" });
    await page.settled();
    expect(page.texts(".pgw-box__bar .pgw-chip")).toEqual(["{{language}}English"]);
    await page.type('textarea[name="message"]', "Say {{word}}, \\{{no}} and {{a.b}}");
    expect(page.texts(".pgw-box__vars .pgw-chip")).toEqual(["{{language}}English", "{{word}}…"]);
    expect(page.texts(".pgw-box__bar .pgw-chip")).toEqual([]);
  });

  it("asks about the names of a draft once, after a pause", async () => {
    await show("");
    await page.type('textarea[name="message"]', "{{a}}");
    await page.type('textarea[name="message"]', "{{a}} {{b}}");
    expect(page.requests("variables")).toEqual([]);
    await asked();
    expect(page.requests("variables")).toMatchObject([{ names: ["a", "b"] }]);
    await page.type('textarea[name="message"]', "{{a}} {{b}} and");
    await asked();
    expect(page.requests("variables").length).toBe(1);
  });

  it("does not send while a name is unset, says so, and sends once it is set", async () => {
    await show("");
    await page.type('textarea[name="message"]', "In {{tone}} words");
    await asked();
    expect(disabled("Send")).toBe(true);
    expect(page.texts(".pgw-box__hint")).toEqual(["Set {{tone}} to send"]);
    page.find('textarea[name="message"]').focus();
    await page.press("Enter");
    expect(page.requests("send")).toEqual([]);
    expect(page.find(".pgw-toast").textContent).toContain("Set {{tone}} first");

    await page.click("{{tone}}");
    await page.type('textarea[name="value"]', "few");
    await page.press("Enter");
    expect(page.requests("set_variable")).toMatchObject([{ name: "tone", value: "few" }]);
    expect(page.root.querySelector("[role=dialog]")).toBeNull();
    expect(chips()).toEqual(["{{tone}}few"]);
    await page.click("Send");
    expect(page.requests("send").length).toBe(1);
  });

  it("may add without sending what is unset", async () => {
    await show("{{tone}}");
    await asked();
    await page.type('textarea[name="message"]', "Hello");
    expect(disabled("Send")).toBe(true);
    await page.click("Add");
    expect(page.requests("add").length).toBe(1);
  });

  it("shows of a long value that there is more of it, whatever its letters", async () => {
    await show("{{birds}}");
    page.kernel.assign("birds", { text: "🐧🐧🐧", length: 4, source: "kernel" });
    await page.settled();
    await page.click("{{birds}}");
    expect(page.find(".pgw-var-text").textContent).toBe("🐧🐧🐧…");
  });

  it("makes a new variable, and refuses what is no name", async () => {
    await show("");
    await page.click("Variables");
    await page.type('input[name="variable"]', "a b");
    await page.type('textarea[name="value"]', "text");
    expect(disabled("Set")).toBe(true);
    expect(page.find("[role=alert]").textContent).toContain("as in Python");
    await page.type('input[name="variable"]', "größe");
    await page.click("Set");
    expect(page.requests("set_variable")).toMatchObject([{ name: "größe", value: "text" }]);
  });
});

describe("an edit", () => {
  async function edit(text: string): Promise<void> {
    await page.click("Edit");
    await page.type('textarea[name="edit"]', text);
    await asked();
  }

  it("has the focus once its last variable is set", async () => {
    await show("", [message("u", "user", "Hello"), message("m", "assistant", "Hi")]);
    await edit("Hello in {{tone}} words");
    page.find("article .pgw-chip").focus();
    await page.click("{{tone}}");
    await page.type('textarea[name="value"]', "few");
    await page.click("Set");
    expect(page.root.querySelector("article .pgw-chip")).toBeNull();
    expect(document.activeElement).toBe(page.find('textarea[name="edit"]'));
  });

  it("is not answered while a name is unset, says so, and is once it is set", async () => {
    await show("", [message("u", "user", "Hello"), message("m", "assistant", "Hi")]);
    await edit("Hello in {{tone}} words");
    expect(disabled("Save and regenerate")).toBe(true);
    expect(page.texts("article .pgw-box__hint")).toEqual(["Set {{tone}} to regenerate"]);
    page.find('textarea[name="edit"]').focus();
    await page.press("Enter", { ctrlKey: true });
    expect(page.requests("edit")).toEqual([]);
    expect(page.find(".pgw-toast").textContent).toContain("Set {{tone}} first");
    page.find("article .pgw-chip").click();
    await page.settled();
    await page.type('textarea[name="value"]', "few");
    await page.press("Enter");
    expect(page.texts("article .pgw-chip")).toEqual([]);
    await page.click("Save and regenerate");
    expect(page.requests("edit")).toMatchObject([{ message: "u", rerun: true }]);
  });

  it("may be saved without an answer, and does not need what comes after it", async () => {
    await show("", [
      message("u", "user", "{{a}}"),
      message("m", "assistant", "Hi"),
      message("n", "user", "{{b}}"),
    ]);
    await asked();
    await edit("Hello");
    expect(disabled("Save and regenerate")).toBe(false);
    await page.type('textarea[name="edit"]', "{{a}}");
    expect(disabled("Save and regenerate")).toBe(true);
    await page.click("Save");
    expect(page.requests("edit")).toMatchObject([{ rerun: false }]);
  });
});

describe("the card of a variable", () => {
  it("shows a value of the notebook, and does not let it be edited", async () => {
    await show("{{df}}");
    const table = { kind: "DataFrame", text: "| a |", length: 4000, tokens: 1000 };
    page.kernel.assign("df", table);
    await page.settled();
    await page.click("{{df}}");
    const card = page.find("[role=dialog]");
    expect(card.textContent).toContain("DataFrame");
    expect(card.textContent).toContain("| a |…");
    expect(card.textContent).toContain("About 1,000 tokens. From the notebook: change it there.");
    expect(card.querySelector("textarea, input")).toBeNull();
  });

  it("says why a value cannot be sent", async () => {
    await show("{{a}}");
    page.kernel.assign("a", { text: "", error: "this A could not be turned into text" });
    await page.type('textarea[name="message"]', "Hello");
    expect(disabled("Send")).toBe(true);
    await page.click("{{a}}");
    expect(page.find("[role=alert]").textContent).toBe("this A could not be turned into text");
  });

  it("unsets one of the playground's own", async () => {
    await show("{{a}}");
    await page.store.request({ type: "set_variable", name: "a", value: "b" });
    await page.settled();
    await page.click("{{a}}");
    await page.click("Unset");
    expect(page.requests("set_variable").at(-1)).toMatchObject({ name: "a", value: null });
    expect(chips()).toEqual(["{{a}}set a value"]);
  });
});

describe("marks in texts", () => {
  it("stand in the system prompt and in messages of people, not in answers", async () => {
    await show("In {{a}}", [
      message("u", "user", "**{{ b }}** `{{c}}` \\{{d}} {{e.f}}"),
      message("m", "assistant", "{{g}}"),
    ]);
    expect(page.texts(".pgw-log .pgw-var")).toEqual(["{{a}}", "{{ b }}", "{{c}}"]);
  });

  it("stand in blocks of code too, where they open the card and leave the code as it is", async () => {
    await show("", [message("u", "user", "~~~sql\nselect * from {{table}}\n~~~")]);
    page.kernel.assign("table", { text: "penguins" });
    await page.settled();
    const mark = page.find("pre .pgw-var");
    mark.dispatchEvent(new Event("pointerover", { bubbles: true }));
    expect(mark.title).toBe("{{table}}: penguins");
    mark.click();
    await page.settled();
    expect(page.find("[role=dialog]").ariaLabel).toBe("Variable table");
    expect(page.find("pre").textContent).toBe("select * from {{table}}\n");
  });

  it("say the present value when they are pointed at, and open its card", async () => {
    await show("", [message("u", "user", "{{b}}")]);
    page.kernel.assign("b", { text: "before" });
    page.kernel.assign("b", { text: "now" });
    await page.settled();
    const mark = page.find(".pgw-md .pgw-var");
    mark.dispatchEvent(new Event("pointerover", { bubbles: true }));
    expect(mark.title).toBe("{{b}}: now");
    mark.click();
    await page.settled();
    expect(page.find("[role=dialog]").ariaLabel).toBe("Variable b");
  });
});

describe("an answer made with other values", () => {
  const answer = { variables: { language: "digest of English" }, usage: undefined };

  it("says what has changed, and offers to make it anew", async () => {
    await show("{{language}}", [
      message("u", "user", "Hello"),
      message("m", "assistant", "Hi", { ...answer, finish_reason: "stop", model: "demo" }),
    ]);
    page.kernel.assign("language", { text: "English" });
    await page.settled();
    expect(page.root.querySelector(".pgw-changed")).toBeNull();
    page.kernel.assign("language", { text: "French" });
    await page.settled();
    expect(page.find(".pgw-changed").textContent).toBe("language has changed");
    page.find(".pgw-changed").click();
    await page.settled();
    const card = page.find("[role=dialog]").textContent;
    expect(card).toContain("{{language}} had another value when this was written.");
    expect(card).toContain("Now: French");
    page.find("[role=dialog]").querySelector<HTMLElement>(".pgw-btn")?.click();
    await page.settled();
    expect(page.requests("regenerate")).toMatchObject([{ message: "m" }]);
  });
});
