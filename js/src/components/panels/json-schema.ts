// What is wrong with a JSON schema, as far as one can say without the service that will read it:
// the keywords that nearly all schemas consist of have values that can be meant.

const TYPES = ["object", "array", "string", "number", "integer", "boolean", "null"];

/** What a schema begins with. */
export const FIRST_SCHEMA = {
  type: "object",
  properties: { answer: { type: "string" } },
  required: ["answer"],
  additionalProperties: false,
};

/** Whether a value is what JSON calls an object. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The first thing that is wrong, with the place it is in, or undefined. */
export function schemaProblem(schema: unknown, at = ""): string | undefined {
  const place = (name: string) => (at === "" ? name : `${at}.${name}`);
  if (schema === true || schema === false) return at === "" ? "A schema is an object" : undefined;
  if (!isObject(schema)) return at === "" ? "A schema is an object" : `${at} is not a schema`;
  const { type, required, enum: choices } = schema;
  const wrong = [type].flat().find((each) => each !== undefined && !TYPES.includes(String(each)));
  if (wrong !== undefined) return `${place("type")} is ${JSON.stringify(wrong)}, which is no type`;
  if (required !== undefined && !isTexts(required)) {
    return `${place("required")} is not a list of names`;
  }
  if (choices !== undefined && !Array.isArray(choices)) return `${place("enum")} is not a list`;
  for (const name of ["properties", "patternProperties", "$defs", "definitions"]) {
    const group = schema[name];
    if (group === undefined) continue;
    if (!isObject(group)) return `${place(name)} is not an object of schemas`;
    for (const [key, inner] of Object.entries(group)) {
      const problem = schemaProblem(inner, `${place(name)}.${key}`);
      if (problem) return problem;
    }
  }
  for (const name of ["items", "additionalProperties", "not"]) {
    if (schema[name] === undefined || Array.isArray(schema[name])) continue;
    const problem = schemaProblem(schema[name], place(name));
    if (problem) return problem;
  }
  for (const name of ["anyOf", "oneOf", "allOf"]) {
    const group = schema[name];
    if (group === undefined) continue;
    if (!Array.isArray(group)) return `${place(name)} is not a list of schemas`;
    for (const [i, inner] of group.entries()) {
      const problem = schemaProblem(inner, `${place(name)}[${i}]`);
      if (problem) return problem;
    }
  }
  return undefined;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
