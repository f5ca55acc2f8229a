// Writing a message between two others, without sending.

import type { JSX, TargetedKeyboardEvent } from "preact";
import type { Insertion } from "../store.ts";
import { Kbd } from "./controls.tsx";
import { DraftArea } from "./draft-box.tsx";
import { useOnce } from "./hooks.ts";
import { composerKey } from "./keys.ts";
import { RoleButton } from "./menu-button.tsx";
import { useView } from "./view.ts";

export function InsertBox(): JSX.Element | null {
  const view = useView();
  const { inserting } = view.store.drafts;
  const [insert, going] = useOnce(async ({ at, message, text, role }: Insertion) => {
    const content = [{ type: "text" as const, text }];
    const done = await view.ask({ type: "add", content, role, [at]: message });
    // Another one may have been begun elsewhere since.
    if (done && inserting.peek()?.message === message) inserting.value = null;
  });
  const draft = inserting.value;
  if (!draft) return null;

  const cancel = () => {
    inserting.value = null;
    view.current.value = draft.message;
  };
  const add = () => {
    if (draft.text.trim() !== "") void insert(draft);
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    const action = composerKey(event, false);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    if (action === "leave") cancel();
    else add();
  };
  const choose = (role: typeof draft.role) => {
    inserting.value = { ...draft, role };
  };

  return (
    <div class="pgw-composer pgw-composer--insert">
      <RoleButton class="pgw-composer__role" role={draft.role} choose={choose} />
      <div class="pgw-box">
        <DraftArea
          name="insert"
          label={`Message to insert ${draft.at}`}
          placeholder="Write the message to insert"
          text={draft.text}
          onText={(text) => {
            inserting.value = { ...draft, text };
          }}
          onKeyDown={onKeyDown}
          focus={view.opened === "insert"}
          readOnly={going}
        />
        <div class="pgw-box__bar">
          <RoleButton
            class="pgw-btn pgw-btn--quiet pgw-box__role pgw-only-s"
            role={draft.role}
            choose={choose}
          />
          <span class="pgw-spacer" />
          <button type="button" class="pgw-btn pgw-btn--quiet" onClick={cancel}>
            Cancel<Kbd>Esc</Kbd>
          </button>
          <button
            type="button"
            class="pgw-btn pgw-btn--primary"
            disabled={draft.text.trim() === ""}
            onClick={add}
          >
            Add<Kbd>↵</Kbd>
          </button>
        </div>
      </div>
    </div>
  );
}
