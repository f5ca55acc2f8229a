// Writing a message between two others, without sending.

import type { JSX, TargetedKeyboardEvent } from "preact";
import { Kbd } from "./controls.tsx";
import { DraftArea } from "./draft-box.tsx";
import { composerKey } from "./keys.ts";
import { RoleButton } from "./menu-button.tsx";
import { useView } from "./view.ts";

export function InsertBox(): JSX.Element | null {
  const view = useView();
  const { inserting } = view.store.drafts;
  const draft = inserting.value;
  if (!draft) return null;

  const cancel = () => {
    inserting.value = null;
    view.current.value = draft.message;
  };
  const add = async () => {
    if (draft.text.trim() === "") return;
    const where = draft.at === "before" ? { before: draft.message } : { after: draft.message };
    const content = [{ type: "text" as const, text: draft.text }];
    const done = await view.ask({ type: "add", content, role: draft.role, ...where });
    if (done) inserting.value = null;
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    const action = composerKey(event, false);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    if (action === "leave") cancel();
    else void add();
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
            onClick={() => void add()}
          >
            Add<Kbd>↵</Kbd>
          </button>
        </div>
      </div>
    </div>
  );
}
