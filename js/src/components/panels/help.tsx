import type { JSX } from "preact";
import { Kbd } from "../controls.tsx";
import type { View } from "../view.ts";
import { Dialog, DialogBody } from "./dialog.tsx";
import { KEY_HELP } from "./key-help.ts";

export function HelpDialog({ view }: { view: View }): JSX.Element {
  const mac = /Mac|iPhone|iPad/.test(
    view.host.root.ownerDocument.defaultView?.navigator.userAgent ?? "",
  );
  return (
    <Dialog view={view} name="Keys" class="pgw-dialog--wide" closeFirst>
      <DialogBody label="All keys" class="pgw-keys">
        {KEY_HELP.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(({ does, keys: names }) => (
                <div key={does}>
                  <dt>{does}</dt>
                  <dd>
                    {names.map((name) => (
                      <Kbd key={name}>{mac ? name.replace("Ctrl+", "⌘") : name}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </DialogBody>
    </Dialog>
  );
}
