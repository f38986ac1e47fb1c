import { Html } from "./html.ts";

const lights: ReadonlyMap<string, string> = new Map([
  ["🟢", '<span class="light good" role="img" aria-label="green"></span>'],
  ["🟡", '<span class="light wait" role="img" aria-label="yellow"></span>'],
  ["🔴", '<span class="light bad" role="img" aria-label="red"></span>'],
]);

/** Draws the lights of our messages, so that they show on machines without an emoji font. Attributes never hold one. */
export function paintLights(markup: Html): Html {
  return new Html(markup.text.replace(/<[^>]*>|🟢|🟡|🔴/gu, (found) => lights.get(found) ?? found));
}
