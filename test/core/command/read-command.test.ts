import { describe, expect, it } from "vitest";
import { readCommand } from "#core/command/read-command.ts";

const digest = "0123456789abcdef".repeat(4);

describe("readCommand()", () => {
  it.for<readonly [body: string, command: object]>([
    ["/promote", { kind: "promote", model: undefined, artifact: undefined, why: "" }],
    ["/promote churn", { model: "churn", artifact: undefined }],
    [`/promote ${digest}`, { model: undefined, artifact: digest }],
    [
      `/promote churn ${digest.slice(0, 12)} -- looks good to me`,
      { model: "churn", artifact: digest.slice(0, 12), why: "looks good to me" },
    ],
    ["/promote -- a start", { model: undefined, artifact: undefined, why: "a start" }],
    ["/promote churn -- why -- not", { model: "churn", why: "why -- not" }],
    ["/promote deadbee deadbee", { model: "deadbee", artifact: "deadbee" }],
    ["/promote churn\nand a second line /train", { model: "churn", why: "" }],
    ["/promote churn\r\n", { model: "churn" }],
    ["/promote   churn  ", { model: "churn" }],
    ["/train", { kind: "train", again: false, head: undefined }],
    ["/train --again", { again: true, head: undefined }],
    [`/train ${digest.slice(0, 40)} --again`, { again: true, head: digest.slice(0, 40) }],
    [`/promote -- ${"x".repeat(900)}`, { why: "x".repeat(500) }],
  ])("%j is a command", ([body, command]) => {
    const read = readCommand(body);
    expect(read).toMatchObject({ kind: "command", command });
  });

  it.for<readonly [body: string, because: string]>([
    ["/promot churn", 'There is no command "/promot"'],
    ["/pormote", 'There is no command "/pormote"'],
    ["/trian", 'There is no command "/trian"'],
    ["/promote churn fraud", '"/promote" does not know "fraud"'],
    ["/promote @everyone", '"/promote" does not know "@everyone"'],
    ["/promote ../../etc", '"/promote" does not know "../../etc"'],
    ["/train now", '"/train" does not know "now"'],
    ["/train --agian", '"/train" does not know "--agian"'],
  ])("%j is a mistake that gets an answer", ([body, because]) => {
    expect(readCommand(body)).toMatchObject({ kind: "mistake", because });
  });

  it.for([
    "",
    "Looks good",
    " /promote",
    "> /promote",
    "`/promote`",
    "```\n/promote\n```",
    "please /promote",
    "/merge",
    "/lgtm",
    "/Promote",
    "//promote",
    "/ promote",
    "/promote\u00a0churn",
    "\n/promote",
    `/${"x".repeat(30)}`,
  ])("%j is nothing to us", (body) => {
    expect(readCommand(body)).toEqual({ kind: "none" });
  });
});
