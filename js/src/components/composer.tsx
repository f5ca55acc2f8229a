// The next message: role, text, pictures; Add and Send, or Stop while an answer is written.

import { useSignal } from "@preact/signals";
import type { JSX, TargetedKeyboardEvent } from "preact";
import { useRef } from "preact/hooks";
import type { ImagePart, Part, Role } from "../model.ts";
import { startEdit } from "./actions.ts";
import { inlineSource } from "./attachments.tsx";
import { IconButton, Kbd } from "./controls.tsx";
import { DraftArea, Hint } from "./draft-box.tsx";
import { bytes } from "./format.ts";
import { Icon } from "./icons.tsx";
import { IMAGE_TYPES, readImages, sizeOf } from "./images.ts";
import { composerKey } from "./keys.ts";
import { RoleButton } from "./menu-button.tsx";
import { namesNeeded, unsetOf } from "./used-variables.ts";
import { Chips, refuseUnset, unsetWords, useAsking, VariablesButton } from "./variables.tsx";
import { useView, type View } from "./view.ts";

export function Composer(): JSX.Element {
  const view = useView();
  const { text, role, images } = view.store.drafts;
  const targeted = useSignal(false);
  const place = useRef<HTMLDivElement>(null);
  const running = view.running.value !== null;
  const writable = view.writable.value;
  const live = view.live.value;
  const needed = namesNeeded(
    view.store.thread.value,
    view.store.path.value,
    text.value,
    role.value,
  );
  const unset = unsetOf(view, needed);
  useAsking(view, needed);
  const empty = text.value.trim() === "" && images.value.length === 0;

  const choose = (chosen: Role) => {
    role.value = chosen;
  };
  /** What a button of this bar does; the button may go, and one writes on without it. */
  const act = (what: "send" | "add" | "stop") => {
    if (!view.touch) place.current?.querySelector("textarea")?.focus({ preventScroll: true });
    void (what === "stop" ? view.ask({ type: "stop" }) : submit(view, what));
  };
  const attach = async (files: Iterable<File>) => {
    const { images: read, refused } = await readImages(files);
    images.value = [...images.value, ...read];
    if (refused[0]) view.toast.value = { text: refused.join(". ") };
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    const action = composerKey(event, empty);
    if (!action) return;
    event.preventDefault();
    if (action === "send") void submit(view, "send");
    else if (action === "add") void submit(view, "add");
    else if (action === "edit-last") editLastUserMessage(view);
    else if (running) void view.ask({ type: "stop" });
    else leave(event.currentTarget);
  };

  return (
    <div ref={place} class="pgw-composer">
      <RoleButton class="pgw-composer__role" role={role.value} choose={choose} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button attaches by key */}
      <div
        class={`pgw-box${targeted.value ? " is-target" : ""}`}
        onDragOver={(event) => {
          if (!event.dataTransfer?.types.includes("Files")) return;
          event.preventDefault();
          targeted.value = true;
        }}
        onDragLeave={() => {
          targeted.value = false;
        }}
        onDrop={(event) => {
          targeted.value = false;
          const files = event.dataTransfer?.files;
          if (!files?.length) return;
          event.preventDefault();
          event.stopPropagation();
          void attach(files);
        }}
        onPaste={(event) => {
          const files = event.clipboardData?.files;
          if (!files?.length) return;
          event.preventDefault();
          void attach(files);
        }}
      >
        {needed.length > 1 && (
          <div class="pgw-box__vars">
            <Chips names={needed} />
          </div>
        )}
        <AttachedImages />
        <DraftArea
          name="message"
          label="Message"
          placeholder={placeholder(view)}
          text={text.value}
          onText={(typed) => {
            text.value = typed;
          }}
          onKeyDown={onKeyDown}
          disabled={!writable}
        />
        <div class="pgw-box__bar">
          <RoleButton
            class="pgw-btn pgw-btn--quiet pgw-box__role pgw-only-s"
            role={role.value}
            choose={choose}
          />
          <AttachButton attach={attach} disabled={!writable} />
          <VariablesButton names={needed} />
          {needed.length === 1 && (
            <span class="pgw-hide-s">
              <Chips names={needed} />
            </span>
          )}
          {live && unset.length > 0 && <Hint>{unsetWords(unset)} to send</Hint>}
          {writable && !live && <Hint>{unsent(view)}</Hint>}
          {view.store.settings.value.queued > 0 && (
            <Hint>{view.store.settings.value.queued} waiting</Hint>
          )}
          <span class="pgw-spacer" />
          {running && (
            <button
              type="button"
              class={`pgw-btn ${empty ? "pgw-btn--primary" : "pgw-btn--line"}`}
              aria-keyshortcuts="Escape"
              onClick={() => act("stop")}
            >
              <Icon name="stop" small />
              Stop<Kbd>Esc</Kbd>
            </button>
          )}
          {!(running && empty) && (
            <>
              <button
                type="button"
                class="pgw-btn pgw-btn--quiet pgw-hide-s"
                title="Add without sending (Alt+Enter)"
                aria-keyshortcuts="Alt+Enter"
                disabled={!live || empty}
                onClick={() => act("add")}
              >
                Add
              </button>
              <button
                type="button"
                class="pgw-btn pgw-btn--primary"
                aria-keyshortcuts="Enter"
                disabled={!live || empty || unset.length > 0}
                onClick={() => act("send")}
              >
                Send<Kbd>↵</Kbd>
              </button>
            </>
          )}
        </div>
      </div>
    </div>
  );
}

/** Why nothing can be sent at the moment. */
function unsent(view: View): string {
  return view.store.status.value === "signed-out" ? "You are logged out" : "Reconnecting";
}

function placeholder(view: View): string {
  if (!view.writable.value) return "";
  if (view.running.value !== null) return "Write the next message while this one finishes";
  const { path, settings } = view.store;
  if (path.value.length > 0) return "Write a message";
  const { demo, label } = settings.value.connection;
  return demo ? "Ask the demo model something" : `Ask ${label} something`;
}

/** Sends or adds what is written. It is cleared at once, and comes back if it was refused. */
export async function submit(view: View, type: "send" | "add"): Promise<void> {
  const { text, role, images } = view.store.drafts;
  const draft = { text: text.value, images: images.value };
  const content: Part[] = [...draft.images];
  if (draft.text.trim() !== "") content.push({ type: "text", text: draft.text });
  if (content.length === 0 || !view.writable.value) return;
  if (!view.live.value) {
    view.toast.value = { text: `${unsent(view)}: not sent yet. What you wrote stays here.` };
    return;
  }
  const needed = namesNeeded(
    view.store.thread.value,
    view.store.path.value,
    draft.text,
    role.value,
  );
  if (type === "send" && refuseUnset(view, unsetOf(view, needed))) return;
  text.value = "";
  images.value = [];
  view.toEnd.value++;
  if (await view.ask({ type, content, role: role.value })) return;
  // Before what was written since.
  text.value = [draft.text, text.value].filter(Boolean).join("\n\n");
  images.value = [...draft.images, ...images.value];
}

function editLastUserMessage(view: View): void {
  const last = view.store.path.value.filter((message) => message.role === "user").at(-1);
  if (last) startEdit(view, last);
}

/** Out of the field, to the current message; there single letters are commands again. */
function leave(field: HTMLElement): void {
  const frame = field.closest(".pgw-frame");
  const row = frame?.querySelector<HTMLElement>('article[data-id][tabindex="0"]');
  if (row) row.focus();
  else field.blur();
}

function AttachButton({
  attach,
  disabled,
}: {
  attach: (files: Iterable<File>) => Promise<void>;
  disabled: boolean;
}): JSX.Element {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton
        icon="image"
        label="Attach an image"
        disabled={disabled}
        onClick={() => picker.current?.click()}
      />
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        accept={IMAGE_TYPES.join()}
        onChange={(event) => {
          const { currentTarget: field } = event;
          void attach([...(field.files ?? [])]).then(() => {
            // So that the same file can be chosen again after it was removed.
            field.value = "";
          });
        }}
      />
    </>
  );
}

function AttachedImages(): JSX.Element | null {
  const { images } = useView().store.drafts;
  if (images.value.length === 0) return null;
  return (
    <ul class="pgw-images">
      {images.value.map((image, i) => (
        <li key={i}>
          <img src={inlineSource(image)} alt="" />
          <span>
            <b>{image.name}</b>
            <ImageNote image={image} />
          </span>
          <IconButton
            icon="x"
            label={`Remove ${image.name ?? "image"}`}
            small
            onClick={() => {
              images.value = images.value.filter((each) => each !== image);
            }}
          />
        </li>
      ))}
    </ul>
  );
}

function ImageNote({ image }: { image: ImagePart }): JSX.Element {
  return <span class="pgw-muted">{bytes(sizeOf(image.data ?? ""))}</span>;
}
