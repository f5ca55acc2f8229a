declare module "prismjs/components/prism-core.js" {
  export * from "prismjs";
}
