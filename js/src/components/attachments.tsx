// Pictures and tables in a message.

import type { ComponentProps, JSX } from "preact";
import { useState } from "preact/hooks";
import type { Cell, ImagePart, TablePart } from "../model.ts";
import { grouped } from "./format.ts";
import { Icon } from "./icons.tsx";

/** What a browser shows without running anything in it. */
const SHOWN = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** The address of a picture that is in the message itself, or undefined. */
export function inlineSource({ data, media_type: type }: ImagePart): string | undefined {
  return data !== undefined && type !== undefined && SHOWN.has(type)
    ? `data:${type};base64,${data}`
    : undefined;
}

function isRemote(url: string | undefined): url is string {
  return url !== undefined && /^https?:/i.test(url) && URL.canParse(url);
}

/** One from elsewhere is fetched only when asked for: its server would learn who reads. */
export function Picture({ part }: { part: ImagePart }): JSX.Element {
  const [wanted, setWanted] = useState(false);
  const name = part.name ?? "Image";
  const remote = isRemote(part.url) ? part.url : undefined;
  const source = inlineSource(part) ?? (wanted ? remote : undefined);
  if (source !== undefined) {
    return (
      <div class="pgw-image">
        <img
          src={source}
          alt={name}
          decoding="async"
          referrerpolicy="no-referrer"
          {...shapeOf(part)}
          onLoad={(event) => takeShape(event.currentTarget)}
        />
      </div>
    );
  }
  if (remote !== undefined) {
    return (
      <div class="pgw-image">
        <button type="button" class="pgw-btn pgw-btn--line" onClick={() => setWanted(true)}>
          <Icon name="image" small />
          Show {name} from {new URL(remote).host}
        </button>
      </div>
    );
  }
  return (
    <p class="pgw-muted">
      {name}, {part.media_type ?? "of an unknown kind"}, cannot be shown
    </p>
  );
}

/** What keeps its place free until it is there. */
function shapeOf({
  width,
  height,
}: ImagePart): Pick<ComponentProps<"img">, "width" | "height" | "style"> {
  return width && height ? { width, height, style: { "--pgw-ratio": width / height } } : {};
}

/** A header may say nothing or something else, as with a photo that is turned by its EXIF. */
function takeShape(image: HTMLImageElement): void {
  const { naturalWidth, naturalHeight } = image;
  if (naturalWidth === 0 || naturalHeight === 0) return;
  image.width = naturalWidth;
  image.height = naturalHeight;
  image.style.setProperty("--pgw-ratio", String(naturalWidth / naturalHeight));
}

/** The preview of a data frame. */
export function DataTable({ part }: { part: TablePart }): JSX.Element {
  const { columns, rows, shape, name } = part;
  const numeric = columns.map((_, i) => rows.every((row) => isNumeric(row[i])));
  const size = `${grouped(shape[0])} rows × ${grouped(shape[1])} columns`;
  const label = name ? `${name}, ${size}` : size;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
    <section class="pgw-data" aria-label={label} tabIndex={0}>
      <table>
        <caption>
          {label}
          {rows.length < shape[0] && `, the first ${rows.length} shown`}
        </caption>
        <thead>
          <tr>
            {columns.map((column, i) => (
              <th key={i} scope="col" class={numeric[i] ? "is-number" : ""}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {columns.map((_, j) => (
                <td key={j} class={numeric[j] ? "is-number" : ""}>
                  {shown(row[j])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function isNumeric(cell: Cell | undefined): boolean {
  return typeof cell === "number" || cell === null || cell === undefined;
}

function shown(cell: Cell | undefined): string {
  return cell === null || cell === undefined ? "" : String(cell);
}
