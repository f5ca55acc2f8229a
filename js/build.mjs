// Bundles the front-end into the Python package: `node build.mjs [--watch]`.
//
// Everything a widget needs comes from these files; nothing is fetched from elsewhere. anywidget
// sends widget.js and widget.css once per widget and a saved notebook may hold a copy of each, so
// their sizes are limited here. What is large and not always needed (maths, colours of code, panels
// and dialogs) is a file of its own. page.js and page.css are what the server's page has beside
// widget.js and widget.css.

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { thirdPartyLicenses } from "./licenses.mjs";
import { addressOf, pageOptions } from "./page.mjs";
import { heldTwice, panelsOptions, runtimePlugin } from "./panels.mjs";
import { slimPlugin } from "./slim.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, "..", "playground_widget", "static");

/**
 * Bytes, and bytes after gzip -9; 1 kB is 1000 bytes. The style sheet had 40 kB before there was
 * the list of threads; and the script 80 kB before there were variables in the composer and calls
 * of tools in the log, which are always in sight. What opens now and then is in panels.js, with the
 * styles of it.
 */
const limits = new Map([
  ["widget.js", { bytes: 250_000, gzip: 85_000 }],
  ["widget.css", { bytes: 46_000, gzip: 10_000 }],
  // The page loads these once, beside the two above, and keeps them all.
  ["page.js", { bytes: 50_000, gzip: 15_000 }],
  ["page.css", { bytes: 4_000, gzip: 1_500 }],
  // Once a widget, when its first panel opens.
  ["panels.js", { bytes: 180_000, gzip: 60_000 }],
]);

const common = {
  absWorkingDir: here,
  outdir: out,
  bundle: true,
  target: "es2022",
  jsx: /** @type {const} */ ("automatic"),
  jsxImportSource: "preact",
  define: { "process.env.NODE_ENV": '"production"' },
  charset: /** @type {const} */ ("utf8"),
  legalComments: /** @type {const} */ ("none"),
  metafile: /** @type {const} */ (true),
};

/** @satisfies {esbuild.BuildOptions} */
const options = {
  ...common,
  format: "esm",
  plugins: [slimPlugin, runtimePlugin],
  entryPoints: [
    { in: "src/widget.ts", out: "widget" },
    { in: "src/styles/widget.css", out: "widget" },
    { in: "src/styles/page.css", out: "page" },
    { in: "src/markdown/math-asset.ts", out: "math" },
    { in: "src/markdown/code-asset.ts", out: "code" },
    { in: "src/tree/asset.ts", out: "tree" },
  ],
};

const ONCE = /** @type {const} */ ({ minify: true, write: false, logLevel: "warning" });

/**
 * Prints the size of each file, and returns the names of those that are past their limit.
 * @param {esbuild.OutputFile[]} files
 * @returns {string[]}
 */
function checkSizes(files) {
  const kilo = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  return files.flatMap(({ path: file, contents }) => {
    const name = path.basename(file);
    const gzip = gzipSync(contents, { level: 9 }).length;
    const limit = limits.get(name);
    const of = limit ? ` (limit ${kilo(limit.bytes)}, ${kilo(limit.gzip)} gzip)` : "";
    console.log(`${name}: ${kilo(contents.length)}, ${kilo(gzip)} gzip${of}`);
    return limit && (contents.length > limit.bytes || gzip > limit.gzip) ? [name] : [];
  });
}

if (process.argv.includes("--watch")) {
  const watched = /** @type {const} */ ({ sourcemap: "inline", logLevel: "info" });
  const main = await esbuild.context({ ...options, ...watched });
  const { metafile } = await main.rebuild();
  await main.watch();
  for (const each of [panelsOptions(common), pageOptions(common, metafile)]) {
    const context = await esbuild.context({ ...each, ...watched });
    await context.watch();
  }
} else {
  const [main, panels] = await Promise.all([
    esbuild.build({ ...options, ...ONCE }),
    esbuild.build({ ...panelsOptions(common), ...ONCE }),
  ]);
  const program = main.outputFiles.find((file) => path.basename(file.path) === "widget.js");
  if (!program) throw new Error("There is no widget.js.");
  const address = addressOf("widget.js", program.contents);
  const page = await esbuild.build({ ...pageOptions(common, main.metafile, address), ...ONCE });
  const outputFiles = [...main.outputFiles, ...panels.outputFiles, ...page.outputFiles];
  const inputs = { ...main.metafile.inputs, ...panels.metafile.inputs, ...page.metafile.inputs };
  const notices = thirdPartyLicenses(Object.keys(inputs), here);
  const twice = heldTwice(main.metafile, panels.metafile);
  const tooLarge = checkSizes(outputFiles);
  // Nothing is written where something is wrong, so that the next build does not take this one for
  // a good one.
  if (twice.length > 0) {
    console.error(`Both in widget.js and in panels.js: ${twice.join(", ")}. See panels.mjs.`);
    process.exitCode = 1;
  } else if (tooLarge.length > 0) {
    console.error(`Past the size limit: ${tooLarge.join(", ")}`);
    process.exitCode = 1;
  } else {
    mkdirSync(out, { recursive: true });
    for (const file of outputFiles) writeFileSync(file.path, file.contents);
    writeFileSync(path.join(out, "THIRD_PARTY_LICENSES.txt"), notices);
  }
}
