// What jsdom lacks because it has no layout.

import { vi } from "vitest";

export function stubLayout(): void {
  const observer = class {
    observe(): void {}
    unobserve(): void {}
    disconnect(): void {}
  };
  vi.stubGlobal("ResizeObserver", observer);
  vi.stubGlobal("IntersectionObserver", observer);
  vi.stubGlobal("matchMedia", () => Object.assign(new EventTarget(), { matches: false }));
}
