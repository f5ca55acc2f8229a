// A file of rows, as far as a page has to know it: its columns, and how many rows there are. What
// is asked is read by the other end, from the same text.

export interface Csv {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Reads comma-separated values after RFC 4180; rows without any text are left out. */
export function readCsv(text: string): Csv {
  const records: string[][] = [];
  let record: string[] = [];
  let field = "";
  let quoted = false;
  const endField = () => {
    record.push(field);
    field = "";
  };
  const endRecord = () => {
    endField();
    if (record.some((each) => each !== "")) records.push(record);
    record = [];
  };
  const given = text.replace(/^\ufeff/, "");
  for (let i = 0; i < given.length; i++) {
    const sign = given[i] ?? "";
    if (quoted) {
      if (sign !== '"') field += sign;
      else if (given[i + 1] === '"') {
        field += sign;
        i++;
      } else quoted = false;
    } else if (sign === '"' && field === "") quoted = true;
    else if (sign === ",") endField();
    else if (sign === "\n") endRecord();
    else if (sign !== "\r" || given[i + 1] !== "\n") field += sign;
  }
  endRecord();
  const [columns = [], ...rows] = records;
  return { columns: columns.map((name) => name.trim()), rows };
}
