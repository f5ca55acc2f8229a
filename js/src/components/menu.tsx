// A menu after the ARIA pattern: arrows, Home and End move, a letter goes to the next item that
// begins with it, Enter chooses, Escape and Tab close.

import type { JSX, TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon, type IconName } from "./icons.tsx";
import { useView } from "./view.ts";

export interface MenuChoice {
  readonly label: string;
  readonly icon?: IconName;
  readonly drawing?: JSX.Element;
  /** Right of the label: a key, a figure. */
  readonly hint?: string;
  readonly danger?: boolean;
  /** For choices of which one is chosen. */
  readonly checked?: boolean;
  readonly more?: readonly MenuItem[];
  readonly run?: () => void;
}

export type MenuItem = MenuChoice | { readonly heading: string } | "line";

export interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly width?: number;
}

export function Menu({ label, items, width }: MenuProps): JSX.Element {
  const view = useView();
  const menu = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const choices = choicesOf(menu.current);
    (choices.find((item) => item.ariaChecked === "true") ?? choices[0])?.focus({
      preventScroll: true,
    });
  }, []);

  const choose = (item: MenuChoice, element: HTMLElement) => {
    if (item.more) {
      const { more } = item;
      view.openMenu(element, "side", () => <Menu label={item.label} items={more} />);
      return;
    }
    view.closeAll();
    item.run?.();
  };

  return (
    <div
      ref={menu}
      class="pgw-menu"
      role="menu"
      tabIndex={-1}
      aria-label={label}
      style={width === undefined ? undefined : { width: `${width}px` }}
      onKeyDown={(event) => onMenuKey(event, () => view.close())}
    >
      {items.map((item, i) => {
        if (item === "line") return <hr key={i} />;
        if ("heading" in item) {
          return (
            <h3 key={i} role="presentation">
              {item.heading}
            </h3>
          );
        }
        const chosen = item.checked === undefined ? {} : { "aria-checked": item.checked };
        return (
          <button
            key={i}
            type="button"
            class={`pgw-item${item.danger ? " pgw-item--danger" : ""}`}
            role={item.checked === undefined ? "menuitem" : "menuitemradio"}
            tabIndex={-1}
            {...chosen}
            {...(item.more ? { "aria-haspopup": "menu" as const } : {})}
            onClick={(event) => choose(item, event.currentTarget)}
            onPointerMove={(event) => event.currentTarget.focus({ preventScroll: true })}
          >
            {item.icon && <Icon name={item.icon} />}
            {item.drawing}
            {item.checked !== undefined && <i>{item.checked && <Icon name="check" />}</i>}
            <span class="pgw-item__label">{item.label}</span>
            {item.hint !== undefined && <small>{item.hint}</small>}
            {item.more && <Icon name="right" small />}
          </button>
        );
      })}
    </div>
  );
}

function choicesOf(menu: HTMLElement | null): HTMLElement[] {
  return menu ? [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]')] : [];
}

function onMenuKey(event: TargetedKeyboardEvent<HTMLElement>, close: () => void): void {
  const all = choicesOf(event.currentTarget);
  const at = all.indexOf(event.target as HTMLElement);
  const to = (i: number) => all[(i + all.length) % all.length]?.focus();
  switch (event.key) {
    case "ArrowDown":
      to(at + 1);
      break;
    case "ArrowUp":
      to(at < 0 ? -1 : at - 1);
      break;
    case "Home":
      to(0);
      break;
    case "End":
      to(-1);
      break;
    case "ArrowRight":
      if (all[at]?.ariaHasPopup !== "menu") return;
      all[at]?.click();
      break;
    case "ArrowLeft":
    case "Tab":
      close();
      break;
    default: {
      if (event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey) return;
      const found = typeAhead(
        all.map((item) => item.textContent ?? ""),
        at,
        event.key,
      );
      if (found === undefined) return;
      to(found);
    }
  }
  event.preventDefault();
}

/** The next label after `from` that begins with the letter. */
function typeAhead(labels: readonly string[], from: number, letter: string): number | undefined {
  for (let step = 1; step <= labels.length; step++) {
    const i = (from + step) % labels.length;
    if (labels[i]?.toLowerCase().startsWith(letter.toLowerCase())) return i;
  }
  return undefined;
}
