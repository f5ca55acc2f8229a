// The functions that the model can call, each with a switch.

import type { JSX } from "preact";
import { copyAndTell } from "../clipboard.ts";
import { focusedBeside } from "../focus.ts";
import { Icon } from "../icons.tsx";
import { useView, type View } from "../view.ts";
import { Code } from "./code.tsx";

const EXAMPLE = `def add(a: int, b: int) -> int:
    """Add two whole numbers."""
    return a + b

pg.tools = [*pg.tools, add]`;

export function ToolsSection(): JSX.Element | null {
  const view = useView();
  const { tools = [] } = view.store.settings.value;
  const { page } = view.host;
  // A page has no kernel whose functions could be called.
  if (page && tools.length === 0) return null;
  return (
    <section class="pgw-sec">
      <h3>
        Tools
        <span class="pgw-spacer" />
        {!page && (
          <button
            type="button"
            class="pgw-btn pgw-btn--s pgw-btn--quiet"
            aria-haspopup="dialog"
            aria-expanded="false"
            onClick={(event) => view.openMenu(event.currentTarget, "end", () => <AddCard />)}
          >
            <Icon name="plus" small />
            Add a function
          </button>
        )}
      </h3>
      {tools.length === 0 && <p class="pgw-muted">Python functions that the model can call.</p>}
      {tools.map(({ name, signature, description, confirm, enabled }) => (
        <div key={name} class="pgw-tool">
          <div>
            <code title={signature}>{signature}</code>
            <p>
              {[firstLine(description), confirm && "Asks before each call."]
                .filter(Boolean)
                .join(" ")}
            </p>
          </div>
          <button
            type="button"
            class="pgw-switch"
            role="switch"
            aria-checked={enabled}
            aria-label={signature}
            disabled={!view.writable.value}
            onClick={() => void view.ask({ type: "set_tool", name, enabled: !enabled })}
          />
        </div>
      ))}
    </section>
  );
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? "";
}

/** How a function becomes a tool: that is said in Python, where it is. */
function AddCard(): JSX.Element {
  const view = useView();
  return (
    <div
      class="pgw-menu pgw-card pgw-addtool"
      role="dialog"
      aria-label="Add a function"
      tabIndex={-1}
      ref={(card: HTMLElement | null) => {
        if (card && !card.contains(focusedBeside(card))) card.focus({ preventScroll: true });
      }}
    >
      <p>
        Run this in a cell, where <code>pg</code> is your playground. The model reads the function’s
        name, its types and its docstring.
      </p>
      <Code text={EXAMPLE} language="python" />
      <button type="button" class="pgw-btn pgw-btn--line" onClick={() => void copyExample(view)}>
        <Icon name="copy" small />
        Copy
      </button>
    </div>
  );
}

async function copyExample(view: View): Promise<void> {
  const layer = view.top;
  await copyAndTell(view, EXAMPLE);
  view.close(layer);
}
