// Editing a message in place. Nothing is overwritten: saving makes another version.

import type { JSX, TargetedKeyboardEvent } from "preact";
import type { Message } from "../model.ts";
import type { Edit, RequestBody } from "../store.ts";
import { endEdit } from "./actions.ts";
import { withText } from "./content.ts";
import { Kbd } from "./controls.tsx";
import { DraftArea, Hint } from "./draft-box.tsx";
import { useOnce } from "./hooks.ts";
import { editKey } from "./keys.ts";
import { RoleButton } from "./menu-button.tsx";
import { namesNeeded, unsetOf } from "./used-variables.ts";
import { Chips, refuseUnset, unsetWords, useAsking } from "./variables.tsx";
import { useView, type View } from "./view.ts";

export function EditBox({ message }: { message: Message }): JSX.Element | null {
  const view = useView();
  const { edits } = view.store.drafts;
  const draft = edits.value.get(message.id);
  const needed = draft ? namesFor(view, message, draft) : [];
  const unset = unsetOf(view, needed);
  useAsking(view, needed);
  const [save, saving] = useOnce(async (edit: RequestBody) => {
    if (await view.ask(edit)) endEdit(view, message.id);
  });
  if (!draft) return null;

  const change = (changed: Partial<typeof draft>) => {
    edits.value = new Map(edits.value).set(message.id, { ...draft, ...changed });
  };
  // An answer that was put right by hand is not asked for again.
  const canRerun = draft.role !== "assistant";
  const finish = (rerun: boolean) => {
    if (rerun && refuseUnset(view, unset)) return;
    const content = withText(message.content, draft.text);
    const role = draft.role === message.role ? {} : { role: draft.role };
    if (rerun) view.toEnd.value++;
    void save({ type: "edit", message: message.id, content, ...role, rerun });
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    const action = editKey(event);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    if (action === "cancel") endEdit(view, message.id);
    else finish(action === "rerun" && canRerun);
  };

  return (
    <>
      {message.role === "tool" ? (
        <div class="pgw-role">tool</div>
      ) : (
        <RoleButton
          class="pgw-composer__role"
          role={draft.role}
          choose={(role) => change({ role })}
        />
      )}
      <div class="pgw-box">
        {canRerun && unset.length > 0 && (
          <div class="pgw-box__vars">
            <Chips names={unset} />
          </div>
        )}
        <DraftArea
          name="edit"
          label="Edit message"
          text={draft.text}
          onText={(text) => change({ text })}
          onKeyDown={onKeyDown}
          focus={view.opened === message.id}
          readOnly={saving}
        />
        <div class="pgw-box__bar">
          {message.role !== "tool" && (
            <RoleButton
              class="pgw-btn pgw-btn--quiet pgw-box__role pgw-only-s"
              role={draft.role}
              choose={(role) => change({ role })}
            />
          )}
          <Hint>
            {canRerun && unset.length > 0
              ? `${unsetWords(unset)} to regenerate`
              : keptWords(message, view.store.path.value, view.store.versions(message.id))}
          </Hint>
          <span class="pgw-spacer" />
          <button
            type="button"
            class="pgw-btn pgw-btn--quiet"
            onClick={() => endEdit(view, message.id)}
          >
            Cancel<Kbd>Esc</Kbd>
          </button>
          <button
            type="button"
            class={`pgw-btn ${canRerun ? "pgw-btn--line" : "pgw-btn--primary"}`}
            onClick={() => finish(false)}
          >
            Save{!canRerun && <Kbd>Ctrl ↵</Kbd>}
          </button>
          {canRerun && (
            <button
              type="button"
              class="pgw-btn pgw-btn--primary"
              disabled={unset.length > 0}
              onClick={() => finish(true)}
            >
              Save and regenerate<Kbd>Ctrl ↵</Kbd>
            </button>
          )}
        </div>
      </div>
    </>
  );
}

/** The names that the answer to the edited message would need. */
function namesFor(view: View, message: Message, { text, role }: Edit): readonly string[] {
  const { thread, path } = view.store;
  const before = path.value.slice(0, path.value.indexOf(message));
  return namesNeeded(thread.value, before, text, role);
}

/** What stays reachable: the answer on the old path, or the message itself. */
function keptWords(
  message: Message,
  path: readonly Message[],
  versions: readonly string[],
): string {
  const version = versions.indexOf(message.id) + 1;
  const follows = path.at(-1)?.id !== message.id;
  const what = follows && message.role !== "assistant" ? "answer" : "text";
  return `The current ${what} stays as version ${version}.`;
}
