// Builds the gallery: `node dev/build.mjs OUT`. It shows the components in chosen states over a
// channel that is driven by hand; it is for looking at them and is not shipped.

import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { panelsOptions, runtimePlugin } from "../panels.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(process.argv[2] ?? path.join(here, "out"));

mkdirSync(out, { recursive: true });
/** @satisfies {esbuild.BuildOptions} */
const common = {
  absWorkingDir: here,
  outdir: out,
  bundle: true,
  target: "es2022",
  jsx: /** @type {const} */ ("automatic"),
  jsxImportSource: "preact",
};
await esbuild.build({ ...panelsOptions(common), logLevel: "warning" });
await esbuild.build({
  ...common,
  plugins: [runtimePlugin],
  entryPoints: [
    { in: "gallery.tsx", out: "gallery" },
    { in: "../src/styles/widget.css", out: "widget" },
    { in: "../src/markdown/math-asset.ts", out: "math" },
    { in: "../src/markdown/code-asset.ts", out: "code" },
    { in: "../src/tree/asset.ts", out: "tree" },
  ],
  format: "esm",
  alias: { entities: "entities/lib/decode.js" },
  sourcemap: "inline",
  logLevel: "warning",
});
copyFileSync(path.join(here, "index.html"), path.join(out, "index.html"));
