import type { ExportFile } from "../../model.ts";

/** Saves a text as a file, as if a link to it had been clicked. */
export function download({ name, media_type, text }: ExportFile, near: HTMLElement): void {
  const page = near.ownerDocument;
  const url = URL.createObjectURL(new Blob([text], { type: media_type }));
  const link = page.createElement("a");
  link.href = url;
  link.download = name;
  link.hidden = true;
  near.append(link);
  link.click();
  link.remove();
  // Browsers begin to read it after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
