import { expect, test } from "vitest";
import { dayGroup, when } from "./dates.ts";

const NOW = new Date(2025, 10, 5, 14, 30);
const at = (...date: [number, number, number, number?, number?]) =>
  new Date(...date).getTime() / 1000;

test("the nearer a moment is, the finer it is told", () => {
  const moments = [
    at(2025, 10, 5, 14, 30),
    at(2025, 10, 5, 14, 28),
    at(2025, 10, 5, 9, 5),
    at(2025, 10, 4, 16, 40),
    at(2025, 10, 3, 8, 0),
    at(2025, 9, 29, 8, 0),
    at(2024, 11, 31, 23, 59),
  ];
  expect(moments.map((each) => when(each, NOW))).toEqual([
    "now",
    "2 min",
    "9:05",
    "Yesterday",
    "Mon",
    "29 Oct",
    "31 Dec 2024",
  ]);
});

test("below the heading of its day, yesterday is a time", () => {
  expect(when(at(2025, 10, 4, 16, 40), NOW, true)).toBe("16:40");
});

test("a moment that lies ahead, by another clock, is now", () => {
  expect(when(at(2025, 10, 5, 14, 33), NOW)).toBe("now");
  expect(dayGroup(at(2025, 10, 6, 0, 3), NOW)).toBe("Today");
});

test("days are grouped as the calendar counts them", () => {
  const days = [
    at(2025, 10, 5, 0, 0),
    at(2025, 10, 4, 23, 59),
    at(2025, 9, 30),
    at(2025, 9, 29, 23, 59),
    at(2025, 9, 7),
    at(2025, 9, 6, 23, 59),
    at(2024, 9, 6),
  ];
  expect(days.map((each) => dayGroup(each, NOW))).toEqual([
    "Today",
    "Yesterday",
    "Last 7 days",
    "Last 30 days",
    "Last 30 days",
    "October",
    "October 2024",
  ]);
});
