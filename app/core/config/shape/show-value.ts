/** An untrusted value for a sentence: short, on one line, texts in quotes. Not escaped for any markup. */
export function showValue(value: unknown): string {
  if (typeof value === "string") {
    const letters = Array.from(value);
    return JSON.stringify(letters.length > 60 ? `${letters.slice(0, 60).join("")}…` : value);
  }
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0 ? "an empty map" : "a map";
  return "empty";
}
