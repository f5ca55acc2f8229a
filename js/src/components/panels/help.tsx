import type { JSX } from "preact";
import { IconButton, Kbd } from "../controls.tsx";
import type { View } from "../view.ts";
import { KEY_HELP } from "./key-help.ts";

export function HelpDialog({ view }: { view: View }): JSX.Element {
  const mac = /Mac|iPhone|iPad/.test(
    view.host.root.ownerDocument.defaultView?.navigator.userAgent ?? "",
  );
  return (
    <div
      class="pgw-dialog pgw-dialog--wide"
      role="dialog"
      aria-modal="true"
      aria-label="Keys"
      tabIndex={-1}
    >
      <div class="pgw-dialog__head">
        <h2>Keys</h2>
        <IconButton icon="x" label="Close" data-first onClick={() => view.close()} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
      <div class="pgw-dialog__body pgw-keys" tabIndex={0}>
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
      </div>
    </div>
  );
}
