// A box that says what is the matter: a title, what there is to know, what can be done.

import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "./icons.tsx";

interface NoteProps {
  readonly tone: "warn" | "error";
  readonly title: string;
  readonly icon?: IconName;
  /** It interrupts who listens, unless it is said to wait. */
  readonly role?: "alert" | "status";
  /** It is about the whole frame, and stands above the composer. */
  readonly frame?: boolean;
  readonly children?: ComponentChildren;
}

export function Note(props: NoteProps): JSX.Element {
  const { tone, title, icon = "alert", role = "alert", frame = false, children } = props;
  return (
    <div class={`pgw-note pgw-note--${tone}${frame ? " pgw-note--frame" : ""}`} role={role}>
      <Icon name={icon} />
      <div class="pgw-note__body">
        <h3>{title}</h3>
        {children}
      </div>
    </div>
  );
}
