// biome-ignore-all lint/style/noRestrictedImports: Prism calls its languages components.
import "./manual.ts";
import * as core from "prismjs/components/prism-core.js";
import { publish } from "./manual.ts";

type Prism = Pick<typeof core, "languages" | "tokenize" | "Token">;

// A CommonJS module: depending on who loads it, its exports are the namespace or its default.
export const Prism: Prism = (core as { default?: Prism }).default ?? core;

publish(Prism);
