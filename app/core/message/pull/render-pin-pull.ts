import { escapeCell, escapeProse } from "#core/message/escape.ts";

/** The pull request that pins a version: back to an earlier one, or what is live. */
export function renderPinPull(pin: {
  model: string;
  version: string;
  live: string;
  by: string;
  /** a person's own words */
  why: string;
}): { title: string; body: string } {
  const { model, version, live, by, why } = pin;
  const [name, to] = [escapeProse(model, 100), escapeProse(version, 40)];
  const isLive = version === live;
  const what = isLive
    ? `Pins ${name} to ${to}, which is in production now. What is merged while the pin holds is trained, judged and registered, and moves nothing.`
    : `Pins ${name} to ${to} in place of ${escapeProse(live, 40)}. Merging this brings ${to} back to every stage that it held, byte for byte and with no training. Data and code stay as they are.`;
  const reason = why === "" ? "" : `Reason: ${escapeProse(why, 500)}`;
  const undo = `To go on: take ${escapeCell(`pin: ${version}`)} out of the config again, in a pull request like any other.`;
  const asked = `Asked for by ${escapeCell(by, 100)}.`;
  return {
    title: isLive ? `Hold ${model} at ${version}` : `Roll ${model} back to ${version}`,
    body: [what, reason, undo, asked].filter((text) => text !== "").join("\n\n"),
  };
}
