/** Runs one query: its rows, each with what it selects in order. Whole numbers may come as bigint. */
export type Ask = (sql: string) => Promise<readonly (readonly unknown[])[]>;

/** What came back is not what was asked for. */
export class BadAnswer extends Error {
  constructor(message: string) {
    super(message);
    this.name = "BadAnswer";
  }
}

/** A number, finite; NaN for NULL. */
export function readNumber(cell: unknown): number {
  if (cell === null || cell === undefined) return Number.NaN;
  if (typeof cell === "bigint") return Number(cell);
  if (typeof cell === "number" && Number.isFinite(cell)) return cell;
  throw new BadAnswer(`The engine answered ${JSON.stringify(cell)?.slice(0, 60)} where a number was asked for`);
}

export function readText(cell: unknown): string {
  if (typeof cell === "string") return cell;
  throw new BadAnswer(`The engine answered ${JSON.stringify(cell)?.slice(0, 60)} where a text was asked for`);
}

/** As many rows as were counted before, or the table is not what it was. */
export function requireRows(column: string, counted: number, found: number): void {
  if (counted === found) return;
  throw new BadAnswer(
    `Column "${column.slice(0, 60)}" had ${counted} values and then ${found}: the table changes while it is read; profile a version or a copy of it`,
  );
}
