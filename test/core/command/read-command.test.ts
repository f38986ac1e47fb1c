import { describe, expect, it } from "vitest";
import { readCommand } from "#core/command/read-command.ts";

const digest = "0123456789abcdef".repeat(4);

describe("readCommand()", () => {
  it.for<readonly [body: string, command: object]>([
    ["/promote", { kind: "promote", model: undefined, digest: undefined, why: "" }],
    ["/promote churn", { model: "churn", digest: undefined }],
    [`/promote ${digest}`, { model: undefined, digest: digest }],
    [
      `/promote churn ${digest.slice(0, 12)} -- looks good to me`,
      { model: "churn", digest: digest.slice(0, 12), why: "looks good to me" },
    ],
    ["/promote -- a start", { model: undefined, digest: undefined, why: "a start" }],
    ["/promote churn -- why -- not", { model: "churn", why: "why -- not" }],
    ["/promote deadbee deadbee", { model: "deadbee", digest: "deadbee" }],
    ["/promote churn\nand a second line /train", { model: "churn", why: "" }],
    ["/promote churn\r\n", { model: "churn" }],
    ["/promote   churn  ", { model: "churn" }],
    ["/accept", { kind: "accept", model: undefined, digest: undefined, why: "" }],
    [`/accept churn ${digest.slice(0, 12)} -- few rows`, { kind: "accept", model: "churn", why: "few rows" }],
    ["/rollback", { kind: "rollback", model: undefined, version: undefined, why: "" }],
    ["/rollback v1.3.0", { model: undefined, version: "v1.3.0" }],
    ["/rollback churn 1.3.0 -- it hurts", { model: "churn", version: "v1.3.0", why: "it hurts" }],
    ["/rollback v1.3.0 churn", { model: "churn", version: "v1.3.0" }],
    ["/hold", { kind: "hold", model: undefined, why: "" }],
    ["/hold churn -- holidays", { model: "churn", why: "holidays" }],
    ["/help", { kind: "help" }],
    ["/Promote churn", { kind: "promote", model: "churn" }],
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
    ["/acept", 'There is no command "/acept"'],
    ["/rolback", 'There is no command "/rolback"'],
    ["/hlep", 'There is no command "/hlep"'],
    ["/hold v1.3.0", '"/hold" does not know "v1.3.0"'],
    ["/rollback churn v1", '"/rollback" does not know "v1"'],
    ["/help me", '"/help" does not know "me"'],
    ["/train -- now", '"/train" takes no reason behind "--"'],
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
    "//promote",
    "/ promote",
    "/promote\u00a0churn",
    "\n/promote",
    `/${"x".repeat(30)}`,
  ])("%j is nothing to us", (body) => {
    expect(readCommand(body)).toEqual({ kind: "none" });
  });
});
