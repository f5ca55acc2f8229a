// Something that is asked for once, when what shows it appears.

import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { RequestBody } from "../../protocol.ts";
import { RequestError } from "../../store.ts";
import type { View } from "../view.ts";

export type Asked<T> =
  | { readonly state: "asking" }
  | { readonly state: "here"; readonly value: T }
  | { readonly state: "refused"; readonly words: string };

/** The answer to a request, asked again whenever `key` is another one. */
export function useAsked<T>(
  view: View,
  key: string,
  body: RequestBody,
  read: (result: unknown) => T,
): ReadonlySignal<Asked<T>> {
  const asked = useSignal<Asked<T>>({ state: "asking" });
  useEffect(() => {
    let wanted = true;
    view.store.request(body, read).then(
      (value) => {
        if (wanted) asked.value = { state: "here", value };
      },
      (error: unknown) => {
        if (!(error instanceof RequestError)) throw error;
        if (wanted) asked.value = { state: "refused", words: error.message };
      },
    );
    return () => {
      wanted = false;
    };
  }, [view, key]);
  return asked;
}
