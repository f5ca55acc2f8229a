import { defineConfig } from "vitest/config";
import { runtimeAlias } from "./panels.mjs";
import { slimAliases } from "./slim.mjs";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  resolve: { alias: [...slimAliases, runtimeAlias] },
  test: {
    // So that the aliases reach their own imports too.
    server: { deps: { inline: ["markdown-it", "mdurl"] } },
    // A test that needs a DOM says so on its first line: // @vitest-environment jsdom
    environment: "node",
    // A worker's next file gets a context of its own, with globals and modules anew, but the worker
    // has jsdom already: a process for each file takes twice the time.
    pool: "vmThreads",
    // Without this one core is left to nobody.
    maxWorkers: "100%",
    include: ["src/**/*.test.{ts,tsx}"],
    // A guard against hanging on a busy machine, not a measure of speed.
    testTimeout: 120_000,
    restoreMocks: true,
    unstubGlobals: true,
  },
});
