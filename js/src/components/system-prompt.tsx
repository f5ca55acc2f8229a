// The system prompt: a field of the thread, shown as its first row. Collapsed, open or edited.

import type { ComponentChildren, JSX, TargetedKeyboardEvent } from "preact";
import { useState } from "preact/hooks";
import { estimateTokens } from "../text.ts";
import { endEdit, startSystemEdit } from "./actions.ts";
import { IconButton, Kbd } from "./controls.tsx";
import { DraftArea, Hint } from "./draft-box.tsx";
import { plural } from "./format.ts";
import { useOnce } from "./hooks.ts";
import { Icon, RoleMark } from "./icons.tsx";
import { editKey } from "./keys.ts";
import { openVersions } from "./open-panel.tsx";
import {
  comparedWith,
  type PromptVersion,
  promptVersions,
  versionName,
} from "./prompt-versions.ts";
import { WithVariables } from "./variables.tsx";
import { VersionsButton } from "./version-menu.tsx";
import { useView } from "./view.ts";

export function SystemPrompt(): JSX.Element | null {
  const view = useView();
  const [open, setOpen] = useState(false);
  const thread = view.store.thread.value;
  const { system } = thread;
  const versions = promptVersions(thread);
  const current = versions.find((version) => version.current);
  const writable = view.writable.value;
  if (view.store.drafts.edits.value.has("system")) return <SystemEdit />;

  if (system === "") {
    if (!writable) return null;
    return (
      <Row name="System prompt, none">
        <div class="pgw-cell pgw-cell--add">
          <button
            type="button"
            class="pgw-btn pgw-btn--s pgw-btn--quiet"
            onClick={() => startSystemEdit(view)}
          >
            <Icon name="plus" small />
            Add a system prompt
          </button>
          {versions.length > 0 && (
            <VersionsButton>
              <Icon name="history" small />
              {plural(versions.length, "version")}
            </VersionsButton>
          )}
        </div>
      </Row>
    );
  }

  return (
    <Row name={rowName(current, open)}>
      <div class="pgw-cell">
        <div class="pgw-sysline">
          <IconButton
            icon={open ? "down" : "right"}
            label={open ? "Hide the system prompt" : "Show the system prompt"}
            class="pgw-twist"
            small
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          />
          {open ? (
            <span class="pgw-muted">System prompt</span>
          ) : (
            <p>
              <WithVariables text={system} />
            </p>
          )}
          {open && <span class="pgw-spacer" />}
          {writable && (
            <button
              type="button"
              class="pgw-btn pgw-btn--s pgw-btn--quiet"
              aria-label="Edit the system prompt"
              onClick={() => startSystemEdit(view)}
            >
              Edit
            </button>
          )}
          {current && <VersionMark current={current} of={versions.length} open={open} />}
        </div>
        {open && (
          <div class="pgw-system-text">
            <WithVariables text={system} />
          </div>
        )}
        {open && <SystemFooter system={system} versions={versions} current={current} />}
      </div>
    </Row>
  );
}

function rowName(current: PromptVersion | undefined, open: boolean): string {
  return ["System prompt", current && `version ${current.number}`, !open && "collapsed"]
    .filter(Boolean)
    .join(", ");
}

/** Which version this is, and where it can be changed a menu of all. */
function VersionMark({
  current,
  of,
  open,
}: {
  readonly current: PromptVersion;
  readonly of: number;
  readonly open: boolean;
}): JSX.Element {
  const words =
    current.created === null ? (
      <>
        v{current.number}
        <span class="pgw-hide-s">, not used yet</span>
      </>
    ) : (
      `v${current.number}${open ? ` of ${of}` : ""}`
    );
  if (!useView().writable.value) return <small class="pgw-muted">{words}</small>;
  return (
    <VersionsButton>
      {open && <Icon name="history" small />}
      <span class="pgw-num">{words}</span>
    </VersionsButton>
  );
}

function SystemFooter({
  system,
  versions,
  current,
}: {
  readonly system: string;
  readonly versions: readonly PromptVersion[];
  readonly current: PromptVersion | undefined;
}): JSX.Element {
  const view = useView();
  const other = current && comparedWith(versions, current);
  const saved = current?.created === null ? versionName(current) : `saved as v${current?.number}`;
  return (
    <div class="pgw-foot pgw-foot--split">
      <span class="pgw-figures">
        <span>{plural(estimateTokens(system), "token")}</span>
        {current && <span>{saved}</span>}
      </span>
      {current && other && (
        <button
          type="button"
          class="pgw-btn pgw-btn--s pgw-btn--quiet"
          onClick={(event) => void openVersions(view, event.currentTarget, other, current)}
        >
          <Icon name="diff" small />
          Compare with v{other.number}
        </button>
      )}
    </div>
  );
}

function Row({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  const current = useView().current.value === "system";
  return (
    <article
      class={`pgw-msg pgw-msg--system is-first${current ? " is-current" : ""}`}
      data-id="system"
      tabIndex={current ? 0 : -1}
      aria-label={name}
    >
      <div class="pgw-role">
        <RoleMark of="system" />
        system
      </div>
      {children}
    </article>
  );
}

function SystemEdit(): JSX.Element | null {
  const view = useView();
  const { edits } = view.store.drafts;
  const draft = edits.value.get("system");
  const [set, setting] = useOnce(async (system: string) => {
    if (await view.ask({ type: "set", system })) endEdit(view, "system");
  });
  if (!draft) return null;

  const save = () => void set(draft.text);
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    const action = editKey(event);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    if (action === "cancel") endEdit(view, "system");
    else save();
  };

  return (
    <article
      class="pgw-msg pgw-msg--system is-current"
      data-id="system"
      tabIndex={-1}
      aria-label="Editing the system prompt"
    >
      <div class="pgw-role">
        <RoleMark of="system" />
        system
      </div>
      <div class="pgw-box">
        <DraftArea
          name="system"
          label="System prompt"
          placeholder="Say how the model should answer"
          text={draft.text}
          onText={(text) => {
            edits.value = new Map(edits.value).set("system", { ...draft, text });
          }}
          onKeyDown={onKeyDown}
          focus={view.opened === "system"}
          readOnly={setting}
        />
        <div class="pgw-box__bar">
          <Hint>It holds from the next answer on.</Hint>
          <span class="pgw-spacer" />
          <button
            type="button"
            class="pgw-btn pgw-btn--quiet"
            onClick={() => endEdit(view, "system")}
          >
            Cancel<Kbd>Esc</Kbd>
          </button>
          <button type="button" class="pgw-btn pgw-btn--primary" onClick={save}>
            Save<Kbd>Ctrl ↵</Kbd>
          </button>
        </div>
      </div>
    </article>
  );
}
