// The parameters that are JSON: the format of the answer, and further fields of the body.

import { type Signal, signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Store } from "../../store.ts";
import { useView } from "../view.ts";
import { Segments } from "./choices.tsx";
import { JsonField } from "./json-field.tsx";
import { FIRST_SCHEMA, isObject, schemaProblem } from "./json-schema.ts";
import { Row, useEdits } from "./rows.tsx";
import { useUniqueId } from "./unique-id.ts";

// What makes no sense yet is kept, by thread and variant, also while the panel is closed.
const drafts = new WeakMap<Store, Map<string, Signal<string | null>>>();

function useDraft(name: string): Signal<string | null> {
  const { store } = useView();
  const known = drafts.get(store) ?? new Map<string, Signal<string | null>>();
  drafts.set(store, known);
  const key = `${store.thread.value.id} ${useEdits().of} ${name}`;
  const draft = known.get(key) ?? signal<string | null>(null);
  known.set(key, draft);
  return draft;
}

type Fields = Readonly<Record<string, unknown>>;
type Format = "text" | "json" | "schema";

const FORMATS = [
  { value: "text", label: "Text" },
  { value: "json", label: "JSON" },
  { value: "schema", label: "Schema" },
] as const;

function formatOf(value: unknown): Format {
  const type = isObject(value) ? value.type : undefined;
  if (type === "json_schema") return "schema";
  return type === "json_object" ? "json" : "text";
}

export function FormatRow(): JSX.Element {
  const view = useView();
  const edits = useEdits();
  const group = useUniqueId();
  const draft = useDraft("response_format");
  const value = edits.value("response_format");
  const format = formatOf(value);
  const given = isObject(value) && isObject(value.json_schema) ? value.json_schema : {};
  /** The schema that was left for another format is there again when one comes back to it. */
  const left = useSignal<Fields | undefined>(undefined);

  const setSchema = (schema: unknown, rest: Fields = given) => {
    const json_schema = { name: "answer", ...rest, schema };
    edits.set("response_format", { type: "json_schema", json_schema });
  };
  const choose = (next: string) => {
    if (format === "schema") left.value = given;
    if (next === "schema") setSchema(left.value?.schema ?? FIRST_SCHEMA, left.value);
    else edits.set("response_format", next === "json" ? { type: "json_object" } : undefined);
    void edits.flush();
  };

  return (
    <Row
      name="response_format"
      label="Answer format"
      reset={() => {
        draft.value = null;
      }}
    >
      <Segments
        label="Answer format"
        group={group}
        class="pgw-seg--fill pgw-wide"
        options={FORMATS}
        value={format}
        disabled={!view.writable.value}
        choose={choose}
      />
      {format === "schema" && (
        <JsonField
          label="JSON schema"
          value={given.schema ?? {}}
          draft={draft}
          check={schemaProblem}
          // Without a schema there is nothing to send; the one before stays.
          change={(schema) => schema !== undefined && setSchema(schema)}
          end={() => void edits.flush()}
        />
      )}
    </Row>
  );
}

export function ExtraRow(): JSX.Element {
  const edits = useEdits();
  const draft = useDraft("extra");
  return (
    <Row
      name="extra"
      label="Extra body"
      hint="further fields of the request"
      reset={() => {
        draft.value = null;
      }}
    >
      <JsonField
        label="Extra body"
        value={edits.value("extra")}
        draft={draft}
        placeholder={'{"top_k": 40}'}
        check={(value) => (isObject(value) ? undefined : "This is not an object: write { }")}
        change={(value) => edits.set("extra", value)}
        end={() => void edits.flush()}
      />
    </Row>
  );
}
