// @vitest-environment jsdom
import { expect, test } from "vitest";
import { driveByHand, find, message, root, row, settled, show } from "../testing/by-hand.tsx";

driveByHand();

test("code that the browser does not copy is not said to be copied, and why", async () => {
  await show([message("a", "assistant", "```\ncode\n```\n")]);
  document.execCommand = () => false;
  const button = find(".pgw-code__copy");
  button.click();
  await settled();
  expect(button.getAttribute("aria-label")).toBe("Copy code");
  expect(find(".pgw-toast").textContent).toContain("The browser does not allow copying here");
  row("a").focus();
  document.execCommand = () => true;
  button.click();
  await settled();
  expect(button.getAttribute("aria-label")).toBe("Copied");
  expect(root.querySelectorAll("textarea:not([name])")).toHaveLength(0);
});
