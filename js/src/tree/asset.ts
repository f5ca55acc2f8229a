// What the module `tree` offers.
export { JsonTree } from "./tree.ts";
