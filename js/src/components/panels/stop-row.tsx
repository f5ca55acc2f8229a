// The texts that end an answer: a field that makes chips of them.

import { useSignal } from "@preact/signals";
import type { JSX, TargetedKeyboardEvent } from "preact";
import { useRef } from "preact/hooks";
import { IconButton } from "../controls.tsx";
import { isComposed } from "../keys.ts";
import { useView } from "../view.ts";
import { Row, useEdits } from "./rows.tsx";
import { escaped, unescaped } from "./stop-text.ts";
import { useUniqueId } from "./unique-id.ts";

export function StopRow(): JSX.Element {
  const view = useView();
  const edits = useEdits();
  const id = useUniqueId();
  const draft = useSignal("");
  const field = useRef<HTMLInputElement>(null);
  const value = edits.value("stop");
  const texts = Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
  const writable = view.writable.value;

  const change = (next: readonly string[]) => {
    edits.set("stop", next.length === 0 ? undefined : next);
    void edits.flush();
  };
  const add = () => {
    const text = unescaped(draft.value);
    draft.value = "";
    if (text !== "" && !texts.includes(text)) change([...texts, text]);
  };
  const remove = (text: string) => {
    change(texts.filter((each) => each !== text));
    field.current?.focus();
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLInputElement>) => {
    if (isComposed(event)) return;
    if (event.key === "Enter") add();
    else if (event.key === "Backspace" && draft.value === "" && texts.length > 0) {
      change(texts.slice(0, -1));
    } else return;
    event.preventDefault();
  };

  return (
    <Row
      name="stop"
      label="Stop"
      field={id}
      reset={() => {
        draft.value = "";
      }}
    >
      <div class="pgw-tokens pgw-wide">
        {texts.map((text) => (
          <span key={text}>
            {escaped(text)}
            <IconButton
              icon="x"
              label={`Remove ${escaped(text)}`}
              small
              disabled={!writable}
              onClick={() => remove(text)}
            />
          </span>
        ))}
        <input
          ref={field}
          id={id}
          type="text"
          autocomplete="off"
          spellcheck={false}
          placeholder={texts.length === 0 ? "none" : ""}
          title="Enter adds it; \n stands for a new line"
          disabled={!writable}
          value={draft.value}
          onInput={(event) => {
            draft.value = event.currentTarget.value;
          }}
          onKeyDown={onKeyDown}
          onBlur={add}
        />
      </div>
    </Row>
  );
}
