// Prism is made for script tags: its core highlights the whole page as soon as it can unless a
// global says otherwise, and each language adds itself to the global `Prism`. A notebook may have a
// Prism of its own, so the global is ours only while these modules are evaluated.

interface Global {
  Prism?: unknown;
}

const scope = globalThis as Global;
const had = Object.hasOwn(scope, "Prism");
const before = scope.Prism;

scope.Prism = { manual: true, disableWorkerMessageHandler: true };

export function publish(prism: unknown): void {
  scope.Prism = prism;
}

export function restore(): void {
  if (had) scope.Prism = before;
  else delete scope.Prism;
}
