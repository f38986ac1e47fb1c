import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { jobsOf, runsOf } from "#sandbox/actions/link/run-store.ts";
import { openStory, type Story } from "#test/flow/story/open-story.ts";
import { params, workflow } from "#test/flow/story/repository-files.ts";

/** The workflow as the README shows it, with a step behind it that looks at the outputs. */
function watchedWorkflow(): string {
  const look = [
    "      - if: always()",
    '        run: echo "green=$GREEN verdict=$VERDICT"',
    "        env:",
    "          GREEN: ${{ steps.trainyard.outputs.green }}",
    "          VERDICT: ${{ steps.trainyard.outputs.verdict }}",
    "",
  ];
  return workflow("one") + look.join("\n");
}

/** What the newest run's later step saw, and how the run ended. */
function lastRun(story: Story): string {
  const [run] = runsOf(story.repo).toSorted((a, b) => b.id - a.id);
  const [job] = jobsOf(story.repo, run?.id ?? 0);
  if (run === undefined || job === undefined) throw new Error("Nothing ran");
  const log = readFileSync(story.sandbox.actions.logPath(job), "utf8");
  return `${run.event} ${run.conclusion}: ${/(?<= )green=.*$/m.exec(log.slice(log.lastIndexOf("endgroup")))?.[0] ?? "no outputs"}`;
}

describe("the loop as one action", () => {
  it("plays the life of a model in one job a run", async () => {
    await using story = await openStory({ writer: "actions" });
    await story.push({ ...story.files, ".github/workflows/trainyard.yml": watchedWorkflow() }, "Start");
    expect(lastRun(story)).toBe("push success: green=true verdict=");
    const [waiting] = await story.waiting();
    await story.comment(waiting?.number ?? 0, "/promote -- a start");
    expect(await story.production()).toBe("v1.0.0");

    const better = await story.propose({ "churn/params.txt": params(0.7) }, "better");
    expect(lastRun(story)).toBe("pull_request success: green=true verdict=pass");
    expect(await story.firstLines(better)).toContain("better than production v1.0.0");
    const worse = await story.propose({ "churn/params.txt": params(0.3) }, "worse");
    expect(lastRun(story)).toBe("pull_request failure: green=false verdict=fail");
    expect((await story.check(worse)).conclusion).toBe("failure");
    await story.close(worse);
    await story.merge(better);
    expect(await story.production()).toBe("v1.1.0");
    await story.propose({ "README.md": "# The shop\n" }, "irrelevant");
    expect(lastRun(story)).toBe("pull_request success: green=true verdict=not_affected");
    expect(story.jobs().every((name) => name.endsWith(": loop"))).toBe(true);
  });
});
