/** A name as SQL says it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL says it. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
