// The title of a thread, edited in place. Enter and leaving the field save, Escape does not.

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { isComposed } from "./keys.ts";

export function NameField({
  title,
  end,
}: {
  readonly title: string;
  readonly end: (typed: string | undefined) => void;
}): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const ended = useRef(false);
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const finish = (save: boolean) => {
    // Enter and Escape have ended it already when the field goes.
    if (ended.current) return;
    ended.current = true;
    const typed = field.current?.value.trim() ?? "";
    end(save && typed !== "" && typed !== title ? typed : undefined);
  };
  return (
    <input
      ref={field}
      class="pgw-input"
      name="title"
      aria-label="Title of this thread"
      autocomplete="off"
      defaultValue={title}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (isComposed(event) || (event.key !== "Enter" && event.key !== "Escape")) return;
        event.preventDefault();
        event.stopPropagation();
        finish(event.key === "Enter");
      }}
    />
  );
}
