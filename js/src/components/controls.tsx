// The smallest controls: an icon with a name, and a key as it is printed on a button.

import type { ButtonHTMLAttributes, ComponentChildren } from "preact";
import { Icon, type IconName } from "./icons.tsx";

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "icon" | "label"> {
  readonly icon: IconName;
  readonly label: string;
  readonly small?: boolean;
}

export function IconButton({ icon, label, small = false, class: extra, ...rest }: IconButtonProps) {
  const name = `pgw-ib${small ? " pgw-ib--s" : ""}${extra ? ` ${extra}` : ""}`;
  return (
    <button type="button" class={name} aria-label={label} title={label} {...rest}>
      <Icon name={icon} small={small && icon !== "x" && icon !== "more"} />
    </button>
  );
}

/** A hint for people who look; a screen reader gets it from aria-keyshortcuts. */
export function Kbd({ children }: { children: ComponentChildren }) {
  return (
    <span class="pgw-kbd" aria-hidden="true">
      {children}
    </span>
  );
}
