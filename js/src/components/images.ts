// Pictures that a person attaches: read in the browser, sent as parts of the message.

import type { ImagePart } from "../model.ts";
import { bytes } from "./format.ts";

export const IMAGE_TYPES = ["image/png", "image/jpeg", "image/gif", "image/webp"] as const;

/** Services take no larger ones, and they travel to the peer as text. */
const LIMIT = 20_000_000;

export interface Attached {
  readonly images: readonly ImagePart[];
  /** What was not taken and why. */
  readonly refused: readonly string[];
}

export async function readImages(files: Iterable<File>): Promise<Attached> {
  const images: ImagePart[] = [];
  const refused: string[] = [];
  for (const file of files) {
    const name = file.name || "image";
    if (!IMAGE_TYPES.some((type) => type === file.type)) {
      refused.push(`${name} is not a PNG, JPEG, GIF or WebP picture`);
    } else if (file.size > LIMIT) {
      refused.push(`${name} has ${bytes(file.size)}, more than ${bytes(LIMIT)}`);
    } else {
      const data = await base64(file).catch(() => undefined);
      if (data === undefined) refused.push(`${name} cannot be read`);
      else images.push({ type: "image", media_type: file.type, data, name });
    }
  }
  return { images, refused };
}

function base64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      const url = String(reader.result);
      resolve(url.slice(url.indexOf(",") + 1));
    });
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}

/** How many bytes a base64 text stands for. */
export function sizeOf(data: string): number {
  const padding = data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0;
  return (data.length / 4) * 3 - padding;
}
