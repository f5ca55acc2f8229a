/** What the panels share with this bundle; `panels.mjs` makes it. */
declare module "pgw:runtime" {
  const runtime: Readonly<Record<string, object>>;
  export default runtime;
}
