// Buttons that open a menu: with an icon, or with the role of a message.

import type { ComponentChildren, JSX, TargetedMouseEvent } from "preact";
import type { Role } from "../model.ts";
import { IconButton } from "./controls.tsx";
import { Icon, type IconName, RoleMark } from "./icons.tsx";
import { Menu, type MenuItem } from "./menu.tsx";
import { useView } from "./view.ts";

interface MenuButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly align?: "start" | "end";
  readonly small?: boolean;
  readonly class?: string;
  readonly tabIndex?: number;
  readonly width?: number;
  /** Asked for when the menu opens, so that it shows how things are then. */
  readonly items: () => readonly MenuItem[];
}

/** An icon button that opens a menu. */
export function MenuButton({ items, align = "end", width, ...button }: MenuButtonProps) {
  const view = useView();
  return (
    <IconButton
      {...button}
      aria-haspopup="menu"
      aria-expanded="false"
      onClick={(event: TargetedMouseEvent<HTMLButtonElement>) => {
        view.openMenu(event.currentTarget, align, () => (
          <Menu label={button.label} items={items()} {...(width === undefined ? {} : { width })} />
        ));
      }}
    />
  );
}

/** The roles that a message can be given by hand; a tool's message belongs to its call. */
const CHOOSABLE_ROLES = ["user", "assistant", "system", "developer"] as const;

export function roleItems(current: Role, choose: (role: Role) => void): readonly MenuItem[] {
  return CHOOSABLE_ROLES.map((role) => ({
    label: role,
    checked: role === current,
    run: () => choose(role),
  }));
}

interface RoleButtonProps {
  readonly role: Role;
  readonly choose: (role: Role) => void;
  readonly class: string;
  readonly children?: ComponentChildren;
}

/** The role in the gutter of a box, or in its bar when narrow: opens the list of roles. */
export function RoleButton({ role, choose, class: name }: RoleButtonProps): JSX.Element {
  const view = useView();
  return (
    <button
      type="button"
      class={name}
      aria-label={`Role: ${role}`}
      aria-haspopup="menu"
      aria-expanded="false"
      onClick={(event) =>
        view.openMenu(event.currentTarget, "start", () => (
          <Menu label="Role" items={roleItems(role, choose)} />
        ))
      }
    >
      <RoleMark of={role} />
      {role}
      <Icon name="down" small />
    </button>
  );
}
