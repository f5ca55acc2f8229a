// What stands in for packages and rules that markdown-it brings, in the bundle and in tests: tables
// that the browser has already, and rules, presets and output that are not used. They would be a
// third of the limit.

import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("src/markdown/slim", import.meta.url));
const file = (/** @type {string} */ name) => path.join(folder, name);

/** Packages, and files as markdown-it and mdurl import them, with what takes their place. */
const stands = new Map([
  ["entities", file("entities.ts")],
  ["linkify-it", file("linkify-it.ts")],
  ["punycode.js", file("punycode.ts")],
  ["uc.micro", file("uc.micro.ts")],
  ["./lib/decode.mjs", file("no-decode.ts")],
  ["./presets/commonmark.mjs", file("no-preset.ts")],
  ["./presets/zero.mjs", file("no-preset.ts")],
  ["./renderer.mjs", file("renderer.ts")],
  ["./rules_core/replacements.mjs", file("no-rule.ts")],
  ["./rules_core/smartquotes.mjs", file("no-rule.ts")],
]);

/** Where these names mean the ones above. */
const INSIDE = /[\\/]node_modules[\\/](markdown-it|mdurl)[\\/]/;

/** For Vite and vitest. */
export const slimAliases = [...stands].map(([find, replacement]) => ({
  find: new RegExp(`^${find.replaceAll(".", "\\.")}$`),
  replacement,
}));

/**
 * For esbuild, whose own aliases are for packages alone.
 * @type {import("esbuild").Plugin}
 */
export const slimPlugin = {
  name: "slim",
  setup(build) {
    build.onResolve({ filter: /^[\w./-]+$/ }, ({ path: name, importer }) => {
      const stand = stands.get(name);
      return stand && INSIDE.test(importer) ? { path: stand } : undefined;
    });
  },
};
