// Builds the panels: what is large and opened now and then, as one function of what it shares with
// the widget that opens it.
//
// Each widget evaluates its own copy of its bundle, Preact and signals included, and a component
// works only with the copy that renders it. So panels.js holds the files of `components/panels/`
// and `comparison/`, and nothing else: whatever they import from elsewhere is a property of the
// function's argument.
// That argument is the module `pgw:runtime` of the widget, made here of the names that are imported.

import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const source = path.join(here, "src");
const entry = path.join(source, "components", "panels", "index.ts");
/** The folders of `src` that only panels need. */
const OWN = ["components/panels/", "comparison/"];

/** What the function's argument is called in panels.js. */
const RUNTIME = "pgwRuntime";
const STYLES = ".css?inline";

/** @typedef {ReadonlyMap<string, ReadonlySet<string>>} Imports names by module */

/** For Vite and vitest, where the sources of the panels share everything as they are. */
export const runtimeAlias = {
  find: "pgw:runtime",
  replacement: path.join(source, "testing", "no-runtime.ts"),
};

/**
 * The module that a name stands for: a package, or a file of `src`.
 * @param {string} name
 * @param {string} folder of the file that imports it
 */
function moduleOf(name, folder) {
  const file = path.join(folder, name);
  return name.startsWith(".") ? path.relative(source, file).replaceAll(path.sep, "/") : name;
}

/** @param {string} module */
const isOwn = (module) => OWN.some((folder) => module.startsWith(folder));

/**
 * What the panels import from elsewhere.
 * @returns {Promise<Imports>}
 */
async function sharedImports() {
  const found = /** @type {Map<string, Set<string>>} */ (new Map());
  const files = [entry];
  for (const file of files) {
    // What is left of the imports once types are gone and JSX has its own.
    const { code } = await esbuild.transform(readFileSync(file, "utf8"), {
      loader: file.endsWith("x") ? "tsx" : "ts",
      jsx: "automatic",
      jsxImportSource: "preact",
      tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    });
    for (const [, names = "", name = ""] of code.matchAll(
      /^(?:import|export) (.*?)\s*from "(.+?)";$/gms,
    )) {
      if (name.endsWith(STYLES)) continue;
      const module = moduleOf(name, path.dirname(file));
      if (isOwn(module)) {
        const next = path.join(source, module);
        if (!files.includes(next)) files.push(next);
        continue;
      }
      const list = /^\{(.*)\}$/s.exec(names)?.[1];
      if (list === undefined) throw new Error(`${file}: import ${module} by name, not ${names}`);
      const known = found.get(module) ?? new Set();
      for (const [each] of list.matchAll(/\w+(?: as \w+)?/g)) known.add(each.split(" ")[0] ?? "");
      found.set(module, known);
    }
  }
  return found;
}

/**
 * For the widget and the page: what they hand over.
 * @type {esbuild.Plugin}
 */
export const runtimePlugin = {
  name: "runtime",
  setup(build) {
    build.onResolve({ filter: /^pgw:runtime$/ }, ({ path: name }) => ({
      path: name,
      namespace: "runtime",
    }));
    build.onLoad({ filter: /./, namespace: "runtime" }, async () => {
      const modules = [...(await sharedImports())];
      const imports = modules.map(([module, names], i) => {
        const from = module.includes(".") ? `./src/${module}` : module;
        const list = [...names].map((name) => `${name} as ${name}${i}`);
        return `import { ${list.join(", ")} } from ${JSON.stringify(from)};`;
      });
      const entries = modules.map(([module, names], i) => {
        const list = [...names].map((name) => `${name}: ${name}${i}`);
        return `  ${JSON.stringify(module)}: { ${list.join(", ")} },`;
      });
      return {
        contents: `${imports.join("\n")}\nexport default {\n${entries.join("\n")}\n};`,
        resolveDir: here,
      };
    });
  },
};

/** @type {esbuild.Plugin} */
const sharedPlugin = {
  name: "shared",
  setup(build) {
    let imports = /** @type {Imports} */ (new Map());
    build.onStart(async () => {
      imports = await sharedImports();
    });
    build.onResolve({ filter: /./ }, ({ path: name, resolveDir, kind }) => {
      if (kind === "entry-point" || name.endsWith(STYLES)) return undefined;
      const module = moduleOf(name, resolveDir);
      return isOwn(module) ? undefined : { path: module, namespace: "shared" };
    });
    build.onLoad({ filter: /./, namespace: "shared" }, ({ path: module }) => {
      const names = [...(imports.get(module) ?? [])].join(", ");
      return { contents: `export const { ${names} } = ${RUNTIME}[${JSON.stringify(module)}];` };
    });
  },
};

/**
 * Style sheets that are imported as text, bundled.
 * @type {esbuild.Plugin}
 */
const stylesPlugin = {
  name: "styles",
  setup(build) {
    const { minify = false } = build.initialOptions;
    build.onResolve({ filter: /\.css\?inline$/ }, ({ path: name, resolveDir }) => ({
      path: path.join(resolveDir, name.replace("?inline", "")),
      namespace: "styles",
    }));
    build.onLoad({ filter: /./, namespace: "styles" }, async ({ path: file }) => {
      const { outputFiles, metafile } = await esbuild.build({
        absWorkingDir: here,
        entryPoints: [file],
        bundle: true,
        minify,
        charset: "utf8",
        write: false,
        metafile: true,
      });
      return {
        contents: outputFiles[0]?.text ?? "",
        loader: "text",
        watchFiles: Object.keys(metafile.inputs).map((name) => path.join(here, name)),
      };
    });
  },
};

/**
 * The options of the panels' build, from those that all builds have.
 * @param {esbuild.BuildOptions} common
 */
export function panelsOptions(common) {
  return {
    ...common,
    entryPoints: [{ in: entry, out: "panels" }],
    format: /** @type {const} */ ("iife"),
    globalName: "pgwPanels",
    plugins: [sharedPlugin, stylesPlugin],
    banner: { js: `export default function (${RUNTIME}) {` },
    footer: { js: "return pgwPanels; }" },
    metafile: /** @type {const} */ (true),
  };
}

/**
 * What of the sources and packages stands both in the widget and in the panels: two of each, of
 * which only one would work.
 * @param {esbuild.Metafile} widget
 * @param {esbuild.Metafile} panels
 * @returns {string[]}
 */
export function heldTwice(widget, panels) {
  const held = new Set(Object.keys(widget.inputs));
  const packages = Object.keys(panels.inputs).filter((name) => name.includes("node_modules"));
  return [...packages, ...Object.keys(panels.inputs).filter((name) => held.has(name))];
}
