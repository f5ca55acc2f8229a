// The notices of the npm packages whose code ends up in a bundle.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * The folder of the package a bundled file belongs to, or null for our own sources.
 * @param {string} input a path of esbuild's metafile, relative to this folder
 * @returns {string | null}
 */
function packageFolder(input) {
  const marker = "node_modules/";
  const at = input.lastIndexOf(marker);
  if (at < 0) return null;
  const [first = "", second = ""] = input.slice(at + marker.length).split("/");
  const name = first.startsWith("@") ? `${first}/${second}` : first;
  return input.slice(0, at + marker.length) + name;
}

/**
 * One package's heading and licence text.
 * @param {string} folder
 * @returns {string}
 */
function notice(folder) {
  const { name, version, license } = JSON.parse(
    readFileSync(path.join(folder, "package.json"), "utf8"),
  );
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.|-|$)/i.test(entry));
  if (file === undefined || !existsSync(path.join(folder, file))) {
    throw new Error(`${name} is bundled but carries no licence text`);
  }
  const text = readFileSync(path.join(folder, file), "utf8").trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}

/**
 * The text of the notices file for everything these bundles contain.
 * @param {string[]} inputs the inputs of all bundles, as esbuild's metafile names them
 * @param {string} root the folder the inputs are relative to
 * @returns {string}
 */
export function thirdPartyLicenses(inputs, root) {
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== null));
  const notices = [...folders].sort().map((folder) => notice(path.join(root, folder)));
  const head = "The files beside this one contain code of these packages.\n";
  return [head, ...notices].join(`\n${"-".repeat(78)}\n\n`);
}
