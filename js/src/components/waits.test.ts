import fc from "fast-check";
import { expect, test } from "vitest";
import { countdown } from "./waits.ts";

test("a countdown begins with the whole wait and ends at zero", () => {
  expect(countdown(12, 0)).toEqual({ left: 12, share: 0 });
  expect(countdown(12, 0.2).left).toBe(12);
  expect(countdown(12, 6)).toEqual({ left: 6, share: 0.5 });
  expect(countdown(12, 12)).toEqual({ left: 0, share: 1 });
});

test("it never leaves its bounds, however late it is looked at", () => {
  const time = fc.double({ min: 0, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(time, time, (wait, passed) => {
      const { left, share } = countdown(wait, passed);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left).toBeLessThanOrEqual(Math.ceil(wait));
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }),
  );
});
