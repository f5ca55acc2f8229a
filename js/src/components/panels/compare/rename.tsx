// What a comparison is called.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { ComparisonFacts } from "../../../comparison/model.ts";
import type { View } from "../../view.ts";
import { Dialog } from "../dialog.tsx";

type Named = Pick<ComparisonFacts, "id" | "name">;

/** @param done is called once it has its name */
export function openRename(view: View, { id, name }: Named, done?: () => void): void {
  const opener = view.host.root.querySelector<HTMLElement>(".pgw-compare .pgw-bar .pgw-ib");
  view.openDialog(opener ?? view.host.root, () => (
    <RenameDialog view={view} id={id} name={name} done={done} />
  ));
}

interface DialogProps extends Named {
  readonly view: View;
  readonly done: (() => void) | undefined;
}

function RenameDialog({ view, id, name, done }: DialogProps): JSX.Element {
  const typed = useSignal(name);
  return (
    <Dialog view={view} name="Rename the comparison">
      <form
        class="pgw-dialog__body pgw-form"
        onSubmit={(event) => {
          event.preventDefault();
          const wanted = typed.value.trim();
          view.close();
          if (wanted === "" || wanted === name) return;
          void view.ask({ type: "rename_comparison", comparison: id, name: wanted }).then(done);
        }}
      >
        <label>
          Name
          <input
            class="pgw-input"
            data-first
            autocomplete="off"
            value={typed.value}
            onInput={(event) => {
              typed.value = event.currentTarget.value;
            }}
          />
        </label>
        <div class="pgw-form__acts">
          <button type="button" class="pgw-btn pgw-btn--quiet" onClick={() => view.close()}>
            Cancel
          </button>
          <button type="submit" class="pgw-btn pgw-btn--primary">
            Rename
          </button>
        </div>
      </form>
    </Dialog>
  );
}
