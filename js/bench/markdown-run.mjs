// Measures streaming markdown in a headless Chromium: `node bench/markdown-run.mjs`.
// CHROMIUM names the browser if it is not called `chromium`.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const scratch = mkdtempSync(path.join(tmpdir(), "pgw-bench-"));

try {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(here, "markdown-page.ts")],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    write: false,
  });
  const css = path.join(here, "..", "src", "markdown", "markdown.css");
  const page = path.join(scratch, "page.html");
  writeFileSync(path.join(scratch, "page.js"), outputFiles[0].contents);
  writeFileSync(
    page,
    `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="${pathToFileURL(css)}"><body><script src="page.js"></script>`,
  );
  const dom = execFileSync(
    process.env.CHROMIUM ?? "chromium",
    [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--allow-file-access-from-files",
      `--user-data-dir=${path.join(scratch, "profile")}`,
      "--timeout=300000",
      "--dump-dom",
      String(pathToFileURL(page)),
    ],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 2 ** 28 },
  );
  const result = /<pre id="result">([^<]*)<\/pre>/.exec(dom)?.[1];
  if (result === undefined) throw new Error("the benchmark did not end");
  process.stdout.write(`${result}\n`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
