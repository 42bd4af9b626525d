/** A column as a file has it: columns of tables are some. */
interface Written<R> {
  title: string;
  value: (row: R) => string | number | null | undefined;
}

// A cell that a spreadsheet would take for a formula gets an apostrophe, since texts come from anybody.
const FORMULA = /^[=+\-@\t\r]/;

/** Writes rows as CSV (RFC 4180, UTF-8 with its mark, for spreadsheets). */
export function writeCsv<R>(columns: readonly Written<R>[], rows: readonly R[]): string {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ value }) => value(row)))];
  return `\ufeff${lines.map((line) => line.map(writeCell).join(",")).join("\r\n")}\r\n`;
}

function writeCell(value: string | number | null | undefined): string {
  if (value == null) return "";
  const text = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Gives somebody a file that was made here. */
export function saveFile(name: string, content: string | Blob, type = "text/csv;charset=utf-8"): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
