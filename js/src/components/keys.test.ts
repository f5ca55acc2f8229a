import fc from "fast-check";
import { expect, test } from "vitest";
import { composerKey, editKey, type Key, MessageKeys } from "./keys.ts";

const key = (name: string, more: Partial<Key> = {}): Key => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  isComposing: false,
  ...more,
});

test("Enter sends, Shift+Enter does not, Ctrl and Cmd send always, Alt adds", () => {
  expect(composerKey(key("Enter"), false)).toBe("send");
  expect(composerKey(key("Enter", { shiftKey: true }), false)).toBe(undefined);
  expect(composerKey(key("Enter", { ctrlKey: true }), false)).toBe("send");
  expect(composerKey(key("Enter", { metaKey: true, shiftKey: true }), false)).toBe("send");
  expect(composerKey(key("Enter", { altKey: true }), false)).toBe("add");
});

test("the Enter that ends a composed character sends nothing", () => {
  expect(composerKey(key("Enter", { isComposing: true }), false)).toBe(undefined);
  expect(editKey(key("Enter", { isComposing: true, ctrlKey: true }))).toBe(undefined);
  // Safari has ended the composition before it tells of the key.
  expect(composerKey(key("Enter", { keyCode: 229 }), false)).toBe(undefined);
});

test("Up edits the last user message only from an empty box", () => {
  expect(composerKey(key("ArrowUp"), true)).toBe("edit-last");
  expect(composerKey(key("ArrowUp"), false)).toBe(undefined);
});

test("editing: Ctrl+Enter reruns, Ctrl+S saves, Escape cancels, Enter is a new line", () => {
  expect(editKey(key("Enter", { ctrlKey: true }))).toBe("rerun");
  expect(editKey(key("s", { metaKey: true }))).toBe("save");
  expect(editKey(key("S", { ctrlKey: true }))).toBe("save");
  expect(editKey(key("Escape"))).toBe("cancel");
  expect(editKey(key("Enter"))).toBe(undefined);
  expect(editKey(key("s"))).toBe(undefined);
});

test("on a message letters and arrows are commands, in either case of a lock", () => {
  const keys = new MessageKeys();
  const does = { k: "previous", J: "next", C: "copy", r: "regenerate", a: "insert-before" };
  for (const [name, action] of Object.entries(does)) expect(keys.read(key(name), 0)).toBe(action);
  expect(keys.read(key("ArrowLeft"), 0)).toBe("older-version");
  expect(keys.read(key("Enter"), 0)).toBe("edit");
});

test("two Ds delete, one does not, nor two far apart or with a key between", () => {
  const keys = new MessageKeys();
  expect(keys.read(key("d"), 0)).toBe(undefined);
  expect(keys.read(key("d"), 300)).toBe("delete");
  expect(keys.read(key("d"), 350)).toBe(undefined);
  expect(keys.read(key("d"), 5000)).toBe(undefined);
  expect(keys.read(key("j"), 5100)).toBe("next");
  expect(keys.read(key("d"), 5200)).toBe(undefined);
});

test("with a modifier nothing on a message is a command: copying and reloading still work", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("c", "r", "d", "z", "a", "b", "k", "j", "Enter", "ArrowUp", "Home"),
      fc.constantFrom("ctrlKey", "metaKey", "altKey", "shiftKey"),
      (name, modifier) => {
        const keys = new MessageKeys();
        expect(keys.read(key(name, { [modifier]: true }), 0)).toBe(undefined);
        expect(keys.read(key(name, { [modifier]: true }), 1)).toBe(undefined);
      },
    ),
  );
});

test("no key of any name is taken for something it is not", () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      const action = new MessageKeys().read(key(name), 0);
      expect(action === undefined || typeof action === "string").toBe(true);
    }),
    { examples: [["constructor"], ["__proto__"], ["toString"]] },
  );
});
