// @vitest-environment jsdom
import { expect, test } from "vitest";
import {
  button,
  channel,
  driveByHand,
  find,
  press,
  root,
  row,
  settled,
  show,
  TURN,
  type,
} from "../testing/by-hand.tsx";

driveByHand();

test("Escape closes the top layer only, and the focus returns to its opener", async () => {
  await show(TURN);
  row("a").focus();
  await settled();
  const opener = row("a").querySelector<HTMLElement>('.pgw-actions [aria-label="More actions"]');
  opener?.click();
  await settled();
  const item = [...root.querySelectorAll<HTMLElement>("[role=menuitem]")].find((each) =>
    each.textContent?.startsWith("Change role"),
  );
  item?.click();
  await settled();
  expect(root.querySelectorAll("[role=menu]").length).toBe(2);
  press(document.activeElement as HTMLElement, "Escape");
  await settled();
  expect(root.querySelectorAll("[role=menu]").length).toBe(1);
  expect(document.activeElement).toBe(item);
  press(document.activeElement as HTMLElement, "Escape");
  await settled();
  expect(root.querySelectorAll("[role=menu]").length).toBe(0);
  expect(document.activeElement).toBe(opener);
});

test("a key is sent once and then stands nowhere in the page", async () => {
  await show(TURN);
  button("Connection").click();
  await settled();
  [...root.querySelectorAll<HTMLElement>("[role=menuitem]")]
    .find((each) => each.textContent?.startsWith("Change the key"))
    ?.click();
  await settled();
  const field = find<HTMLInputElement>("input[type=password]");
  type(field, "sk-secret-value");
  find<HTMLFormElement>("form").requestSubmit();
  await settled();
  const [request] = channel.requests("connect");
  expect(request).toMatchObject({ name: "openai", api_key: "sk-secret-value" });
  expect(field.value).toBe("");
  expect(root.outerHTML).not.toContain("secret");
  channel.takeEvents({ type: "done", request: request?.request, result: {} });
  await settled();
  expect(root.querySelector("[role=dialog]")).toBe(null);
});

test("a saved transcript has no control that needs a kernel", async () => {
  await show(TURN);
  channel.takeStatus("saved");
  await settled();
  expect(root.querySelector("textarea, .pgw-actions, .pgw-head, .pgw-insert")).toBe(null);
  expect(root.textContent).toContain("Because.");
  expect(root.textContent).toContain("Saved transcript.");
});

test("the title is edited in place, from its menu", async () => {
  await show(TURN);
  button("Title").click();
  await settled();
  button("Rename").click();
  await settled();
  const field = find<HTMLInputElement>(".pgw-head .pgw-input");
  field.value = "Better";
  press(field, "Enter");
  await settled();
  expect(channel.requests("set")[0]).toMatchObject({ title: "Better" });
  expect(channel.requests("set").length).toBe(1);
});

async function rename(title: string): Promise<void> {
  button("Title").click();
  await settled();
  button("Rename").click();
  await settled();
  find<HTMLInputElement>(".pgw-head .pgw-input").value = title;
}

test("whoever leaves the title for another field stays there", async () => {
  await show(TURN);
  await rename("Better");
  find(".pgw-composer textarea").focus();
  await settled();
  expect(channel.requests("set")[0]).toMatchObject({ title: "Better" });
  expect(document.activeElement).toBe(find(".pgw-composer textarea"));
});

test("the focus goes back to where it was from a toast that goes", async () => {
  await show(TURN);
  for (const how of ["Undo", "Close", "z"]) {
    row("a").focus();
    press(row("a"), "d");
    press(row("a"), "d");
    const request = channel.requests("delete").at(-1)?.request;
    channel.takeEvents({ type: "done", request, result: { undo: "u" } });
    await settled();
    const pressed = button(how === "z" ? "Undo" : how);
    pressed.focus();
    if (how === "z") press(pressed, "z");
    else pressed.click();
    await settled();
    expect([how, root.querySelector(".pgw-toast")]).toEqual([how, null]);
    expect(document.activeElement).toBe(row("a"));
  }
});

test("the question mark shows the keys, but not while somebody types one", async () => {
  await show(TURN);
  press(find(".pgw-composer textarea"), "?");
  await settled();
  expect(root.querySelector("[role=dialog]")).toBe(null);
  row("a").focus();
  press(row("a"), "?");
  await settled();
  expect(find("[role=dialog]").ariaLabel).toBe("Keys");
});

test("a connection that lacks its key asks for it", async () => {
  await show(TURN);
  button("Connection").click();
  await settled();
  find<HTMLElement>("[role=menuitemradio]").click();
  await settled();
  const [request] = channel.requests("connect");
  const error = { kind: "setup", title: "OpenAI needs a key", detail: "" };
  channel.takeEvents({ type: "refused", request: request?.request, error });
  await settled();
  expect(find("[role=dialog]").getAttribute("aria-label")).toBe("Key for OpenAI");
  expect(root.querySelector(".pgw-toast")).toBe(null);
});
