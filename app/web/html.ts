/** Markup that may go into a page as it is. Made by `html` and by the sanitiser, by nothing else. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = Html | string | number | undefined | readonly (Html | string)[];

/** A template whose values are escaped unless they are markup already; lists are joined, `undefined` is nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(strings.reduce((text, part, index) => `${text}${show(values[index - 1])}${part}`));
}

function show(value: Value): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(show).join("");
  return escapeHtml(String(value));
}

/** Text for an element or a quoted attribute. Characters that reorder what follows are shown as a space. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
