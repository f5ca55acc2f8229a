// Ways into a comparison from elsewhere.

import { connectionName, firstDraft, joined, variantFrom } from "../../../comparison/draft.ts";
import type { VariantRequest } from "../../../comparison/model.ts";
import { parsePromoted } from "../../../comparison/protocol.ts";
import type { PromptVersion } from "../../prompt-versions.ts";
import type { View } from "../../view.ts";
import { compareState } from "./state.ts";

/** Two versions of the system prompt, to be run side by side. */
export async function putSideBySide(
  view: View,
  from: PromptVersion,
  to: PromptVersion,
): Promise<void> {
  const state = compareState(view);
  if (state.compared.shown.peek()) await state.close();
  const { thread, settings, drafts } = view.store;
  const variants = [from, to].map(({ number, text }) =>
    variantFrom(thread.peek(), settings.peek(), { name: `Prompt v${number}`, system: text }),
  );
  state.mode.value = "columns";
  drafts.compare.value = { comparison: null, variants, samples: 1, blind: false };
}

/** One more variant, which asks as an answer was asked; false if that is not known. */
export async function promote(view: View, message: string): Promise<boolean> {
  const given = await askedWith(view, message);
  if (!given) return false;
  const { thread, settings, drafts } = view.store;
  const draft = drafts.compare.peek() ?? firstDraft(thread.peek(), settings.peek());
  const made = variantFrom(thread.peek(), settings.peek(), given);
  drafts.compare.value = joined(draft, made);
  compareState(view).mode.value = "columns";
  return true;
}

/** A kernel knows all of it; on a page it is what the message itself says. */
async function askedWith(view: View, id: string): Promise<VariantRequest | undefined> {
  if (view.store.peer === "kernel") {
    return view.ask({ type: "promote", message: id }, parsePromoted);
  }
  const { thread, settings } = view.store;
  const { prompts, messages } = thread.peek();
  const message = messages.find((each) => each.id === id);
  if (!message) return undefined;
  const { model, params = {}, prompt = 0, connection } = message;
  return {
    params,
    system: prompts[prompt - 1]?.text ?? "",
    ...(model === undefined ? {} : { model }),
    ...(connection === undefined
      ? {}
      : { connection: connectionName(connection, settings.peek()) }),
  };
}
