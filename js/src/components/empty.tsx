// First run: three prompts that can be tried at once, and how to use a model of one's own.

import type { JSX } from "preact";
import type { Connection, Part, TablePart } from "../model.ts";
import { hostOf } from "./connection.tsx";
import { isNowhere } from "./focus.ts";
import { plural } from "./format.ts";
import { useOnce } from "./hooks.ts";
import { Icon, type IconName } from "./icons.tsx";
import { openKeyDialog } from "./open-panel.tsx";
import { focusComposer } from "./thread-actions.ts";
import { useView, type View } from "./view.ts";

/** Means of the Palmer penguins data (Horst, Hill and Gorman 2020, CC0). */
const PENGUINS: TablePart = {
  type: "table",
  name: "penguins",
  columns: ["species", "count", "mean_g", "sd_g"],
  rows: [
    ["Adelie", 151, 3700.7, 458.6],
    ["Chinstrap", 68, 3733.1, 384.3],
    ["Gentoo", 123, 5076.0, 504.1],
  ],
  shape: [3, 4],
  text: [
    "species,count,mean_g,sd_g",
    "Adelie,151,3700.7,458.6",
    "Chinstrap,68,3733.1,384.3",
    "Gentoo,123,5076.0,504.1",
  ].join("\n"),
};

interface Example {
  readonly icon: IconName;
  readonly title: string;
  readonly about: string;
  readonly system?: string;
  readonly content: readonly Part[];
}

const EXAMPLES: readonly Example[] = [
  {
    icon: "table",
    title: "Summarise a table",
    about: "Hand over a small table and ask what stands out.",
    content: [PENGUINS, { type: "text", text: "What stands out in this table?" }],
  },
  {
    icon: "code",
    title: "See maths and code",
    about: "A formula, the code for it, and how to check it.",
    content: [
      {
        type: "text",
        text: "Explain the standard error of a mean: the formula, Python code for it, and how to check the result.",
      },
    ],
  },
  {
    icon: "voice",
    title: "Write in another voice",
    about: "A system prompt changes how every answer sounds.",
    system: "You are a ship’s captain of the old days. Answer in two sentences, as in a logbook.",
    content: [{ type: "text", text: "Describe this morning’s weather." }],
  },
];

async function start(view: View, { system, content }: Example): Promise<void> {
  // The buttons go with the first message.
  focusComposer(view);
  if (system !== undefined && !(await view.ask({ type: "set", system }))) return;
  view.toEnd.value++;
  await view.ask({ type: "send", content, role: "user" });
}

async function connect(view: View, name: string): Promise<void> {
  if (!(await view.ask({ type: "connect", name }))) return;
  // Its button may be gone.
  focusComposer(view, () => isNowhere(view.host.root));
}

function leadOf({ demo, label, status }: Connection): string {
  if (demo) return "The demo model answers offline, so everything here works before you add a key.";
  switch (status) {
    case "refused":
      return `${label} did not accept the key. Change it at the top, or choose another connection.`;
    case "unreachable":
      return `${label} cannot be reached. Choose another connection at the top, or try anyway.`;
    default:
      return `${label} answers. Begin with one of these, or write your own.`;
  }
}

export function EmptyState(): JSX.Element {
  const view = useView();
  const [begin] = useOnce((example: Example) => start(view, example));
  const { settings, epoch, peer } = view.store;
  const { connection, offers } = settings.value;
  if (epoch.value === 0) {
    return (
      <div class="pgw-empty">
        <p>
          <span class="pgw-shimmer">Connecting to the {peer}</span>
        </p>
      </div>
    );
  }
  const writable = view.writable.value;
  return (
    <div class="pgw-empty">
      <div>
        <h2>Try a prompt</h2>
        <p class="pgw-empty__lead">{leadOf(connection)}</p>
      </div>
      <div class="pgw-examples">
        {EXAMPLES.map((example) => (
          <button
            key={example.title}
            type="button"
            class="pgw-example"
            disabled={!view.live.value}
            onClick={() => void begin(example)}
          >
            <Icon name={example.icon} />
            <b>{example.title}</b>
            <span>{example.about}</span>
          </button>
        ))}
      </div>
      {writable && (connection.demo || offers.length > 0) && (
        <div class="pgw-setup">
          {connection.demo && (
            <div>
              <Icon name="key" />
              <p>
                Use OpenAI
                <small>
                  Set <span class="pgw-mono">OPENAI_API_KEY</span> before the {peer} starts, or add
                  a key for this session. It is never saved{peer === "kernel" && " in the notebook"}
                  .
                </small>
              </p>
              <button
                type="button"
                class="pgw-btn pgw-btn--line"
                onClick={(event) => void openKeyDialog(view, event.currentTarget, "openai")}
              >
                Add a key
              </button>
            </div>
          )}
          {offers.map((offer) => (
            <div key={offer.name}>
              <Icon name="server" />
              <p>
                {offer.label} is running on <span class="pgw-mono">{hostOf(offer.url)}</span>
                <small>{plural(offer.models, "model")} found. Nothing leaves this computer.</small>
              </p>
              <button
                type="button"
                class="pgw-btn pgw-btn--line"
                onClick={() => void connect(view, offer.name)}
              >
                Use it<span class="pgw-sr">: {offer.label}</span>
              </button>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
