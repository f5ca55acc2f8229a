// What stands in for packages that markdown-it brings, in the bundle and in tests: tables that the
// browser has already, and a matcher of links that is not used. They would be a third of the limit.

import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("src/markdown/slim", import.meta.url));

export const slim = Object.fromEntries(
  Object.entries({
    entities: "entities.ts",
    "linkify-it": "linkify-it.ts",
    "punycode.js": "punycode.ts",
    "uc.micro": "uc.micro.ts",
  }).map(([name, file]) => [name, path.join(folder, file)]),
);
