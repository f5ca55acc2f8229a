import fc from "fast-check";
import { expect, test } from "vitest";
import { routesFrom } from "./routes.ts";

test.each(["/", "/user/ada/", "/user/ada"])("threads have addresses below %s", (base) => {
  const routes = routesFrom(base);
  const root = base.endsWith("/") ? base : `${base}/`;
  expect(routes.pathOf()).toBe(`${root}playground`);
  expect(routes.pathOf("a1")).toBe(`${root}playground/thread/a1`);
  expect(routes.threadOf(`${root}playground`)).toBeUndefined();
  expect(routes.threadOf(`${root}playground/thread/`)).toBeUndefined();
  expect(routes.threadOf("/elsewhere/playground/thread/a1/x")).toBeUndefined();
});

test("any id comes back from its address, and any path can be asked", () => {
  const routes = routesFrom("/base/");
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: "grapheme" }), fc.string(), (id, path) => {
      expect(routes.threadOf(routes.pathOf(id))).toBe(id);
      routes.threadOf(`/base/playground/thread/${path}`);
    }),
  );
});
