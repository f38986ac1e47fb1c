import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openStory } from "#test/flow/story/open-story.ts";
import { modelFiles, params } from "#test/flow/story/repository-files.ts";
import { makeRows } from "#test/flow/story/rows.ts";
import { attackScript } from "./attack-script.ts";

/** Does this system let a process read another one's memory? Where it does not, there is nothing to try. */
function readsMemory(): boolean {
  try {
    closeSync(openSync(`/proc/${process.ppid}/mem`, "r"));
    return true;
  } catch {
    return false;
  }
}

it.runIf(readsMemory())("code that steals its job's token and replaces production's answers is found out", async () => {
  const notes = await mkdtemp(join(tmpdir(), "trainyard-notes-"));
  const log = join(notes, "log");
  try {
    await using story = await openStory({ writer: "actions", jobs: "apart", start: "production" });
    const pull = await story.propose(
      {
        "churn/attack.sh": attackScript("trainyard-answers-production-churn", log),
        // another holdout, so that production has to answer anew
        "churn/holdout.csv": makeRows(400, 9),
        "churn/params.txt": params(0.7),
        "churn/train.sh": `${process.execPath} attack.sh\n${modelFiles("churn")["churn/train.sh"]}`,
      },
      "attack",
    );
    expect(readFileSync(log, "utf8")).toMatch(/^[1-9]\d* tokens\nreplaced\n$/);
    expect(await story.verdict(pull)).toBe("error");
    expect(await story.text(pull)).toMatch(
      /The answers of "production-churn" cannot be believed: they hash to \S+ its job left \S+/,
    );
  } finally {
    await rm(notes, { recursive: true, force: true });
  }
});
