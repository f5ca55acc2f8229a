// Builds the page: only what the widget doesn't have, the rest it imports from widget.js.
//
// Both are the same program with another transport, so page.js would hold most of widget.js a
// second time. A file that is in the widget's bundle is never put into the page's: what the page
// needs of it has to be among what widget.ts exports, or the build fails with the name.

import { createHash } from "node:crypto";
import path from "node:path";

/** @typedef {import("esbuild").Metafile} Metafile */

const SHARED = "pgw:widget";

/**
 * The address that a server gives to a file, beside its other files: tornado's `static_url` adds
 * the hash of what is in it. So the browser keeps the file, and what page.html has it load early is
 * what page.js imports.
 * @param {string} name
 * @param {Uint8Array} contents
 */
export const addressOf = (name, contents) =>
  `./${name}?v=${createHash("sha512").update(contents).digest("hex")}`;

/**
 * @param {Metafile} widget what the widget's build says of itself
 * @param {string} address of the widget's bundle, from the page's
 * @returns {import("esbuild").Plugin}
 */
function sharedPlugin(widget, address) {
  const output = Object.entries(widget.outputs).find(([name]) => name.endsWith("/widget.js"));
  if (output === undefined) throw new Error("There is no widget.js for the page to import from.");
  const [, { inputs, exports }] = output;
  return {
    name: "widget",
    setup(build) {
      const { absWorkingDir = "" } = build.initialOptions;
      const held = new Set(Object.keys(inputs).map((name) => path.join(absWorkingDir, name)));
      build.onResolve({ filter: /./ }, async ({ path: name, kind, pluginData, ...where }) => {
        if (kind === "entry-point" || pluginData === SHARED) return undefined;
        if (name === address) return { path: name, external: true };
        const { importer: _, ...rest } = where;
        const found = await build.resolve(name, { ...rest, kind, pluginData: SHARED });
        return held.has(found.path) ? { path: SHARED, namespace: SHARED } : found;
      });
      build.onLoad({ filter: /./, namespace: SHARED }, () => {
        const names = exports.filter((name) => name !== "default");
        return { contents: `export { ${names.join(", ")} } from ${JSON.stringify(address)};` };
      });
    },
  };
}

/**
 * The options of the page's build, from those that all builds have.
 * @template {import("esbuild").BuildOptions} Common
 * @param {Common} common
 * @param {Metafile} widget
 * @param {string} [address] of the widget's bundle, from the page's
 */
export function pageOptions(common, widget, address = "./widget.js") {
  return {
    ...common,
    entryPoints: [{ in: "src/page.ts", out: "page" }],
    format: /** @type {const} */ ("esm"),
    plugins: [sharedPlugin(widget, address)],
  };
}
