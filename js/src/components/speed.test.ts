import { expect, test } from "vitest";
import { SpeedMeter } from "./speed.ts";

test("the speed is that of the last two seconds, whatever was before", () => {
  const meter = new SpeedMeter();
  let tokens = 0;
  for (let at = 0; at <= 10_000; at += 250) {
    meter.sample(at, tokens);
    tokens += at < 5000 ? 100 : 10;
  }
  expect(meter.perSecond).toBeCloseTo(40);
});

test("there is no speed before there are two samples", () => {
  const meter = new SpeedMeter();
  expect(meter.perSecond).toBe(undefined);
  meter.sample(100, 3);
  expect(meter.perSecond).toBe(undefined);
  meter.sample(350, 8);
  expect(meter.perSecond).toBe(20);
});

test("the trend stays in its box and has at most twenty points", () => {
  const meter = new SpeedMeter();
  for (let i = 0; i < 60; i++) meter.sample(i * 250, i * i);
  const points = meter.path(84, 16).slice(1).split("L");
  expect(points.length).toBe(20);
  for (const point of points) {
    const [x = Number.NaN, y = Number.NaN] = point.split(" ").map(Number);
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThanOrEqual(84);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(16);
  }
});
