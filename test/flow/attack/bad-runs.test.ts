import { describe, expect, it } from "vitest";
import { openStory, type Story } from "#test/flow/story/open-story.ts";
import { params } from "#test/flow/story/repository-files.ts";

const workflow = ".github/workflows/trainyard.yml";

/** Somebody commits to the branch of the evidence by hand. */
async function editEvidence(story: Story, change: (path: string, text: string) => string | undefined): Promise<number> {
  let edited = 0;
  for (const path of await story.ports.evidence.list()) {
    // oxlint-disable-next-line no-await-in-loop -- a few records
    const text = await story.ports.evidence.read(path);
    const changed = text === undefined ? undefined : change(path, text);
    if (changed === undefined) continue;
    // oxlint-disable-next-line no-await-in-loop -- see above
    await story.ports.evidence.write(new Map([[path, changed]]), "Edit by hand");
    edited += 1;
  }
  return edited;
}

describe("a run under a changed workflow", () => {
  it("is shown as an error, and does not count later either: an innocent recipe is trained again", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const changed = (story.files[workflow] ?? "").replace("name: Trainyard\n", "name: Ours\n");
    const pull = await story.propose({ [workflow]: changed, "churn/params.txt": params(0.7) }, "tampered");
    expect(await story.firstLines(pull)).toMatchInlineSnapshot(
      `"### 🔴 churn: could not be judged: its run happened under a workflow file that the default branch does not carry: change the workflow in a pull request of its own"`,
    );
    expect(await story.ending(pull)).toMatchObject({ verdict: "error", check: "failure", trainings: 2 });
    const innocent = await story.propose({ "churn/params.txt": params(0.7) }, "innocent");
    expect(await story.ending(innocent)).toMatchObject({ verdict: "pass", check: "success", trainings: 3 });
    await story.merge(innocent);
    expect(await story.ending()).toEqual({ production: "v1.1.0", trainings: 3, waits: 0 });
  });
});

describe("evidence that was edited by hand", () => {
  it("is as if it were not there where it cannot be read: nothing is green for it, and nothing ships", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const pull = await story.propose({ "churn/params.txt": params(0.7) }, "better");
    expect(await story.verdict(pull)).toBe("pass");
    const runs = await editEvidence(story, (path, text) =>
      path.startsWith("runs/") && text.includes(`"pull": ${pull}`) ? text.slice(0, 100) : undefined,
    );
    expect(runs).toBe(1);
    await story.push({ "README.md": "# The shop\n" });
    expect(await story.firstLines(pull)).toMatchInlineSnapshot(
      `"### 🟢 churn: better than production v1.0.0. Merging ships it as v1.1.0 to \`production\`"`,
    );
    expect(await story.ending(pull)).toMatchInlineSnapshot(`
      {
        "check": "success",
        "production": "v1.0.0",
        "trainings": 2,
        "verdict": "pass",
        "waits": 0,
      }
    `);
    await story.comment(pull, "/train");
    expect(await story.ending(pull)).toMatchObject({ verdict: "pass", check: "success", production: "v1.0.0" });
    // The word that it was reviewed is gone as well: it is judged, and then it waits.
    await editEvidence(story, (path) => (path.startsWith("reviews/") ? "{}" : undefined));
    await story.merge(pull);
    expect(await story.ending()).toMatchInlineSnapshot(`
      {
        "production": "v1.0.0",
        "trainings": 2,
        "waits": 1,
      }
    `);
  });
});

describe("a report that nobody asked for", () => {
  it("lies there before the evaluation and is replaced: what counts is what was measured", async () => {
    await using story = await openStory({ writer: "actions", jobs: "apart", start: "production" });
    // A job of the team's own in the same run leaves an artifact of the report's name, and one of a task's answers.
    const early = `  early:
    runs-on: ubuntu-latest
    steps:
      - run: mkdir out && echo '{"schema":"trainyard/report/1"}' > out/report.json
      - uses: actions/upload-artifact@v4
        with: { name: trainyard-report, path: out }
  loop:
    needs: early
`;
    await story.push({ [workflow]: (story.files[workflow] ?? "").replace("  loop:\n", early) });
    const pull = await story.propose({ "churn/params.txt": params(0.7) }, "better");
    expect(await story.ending(pull)).toMatchObject({ verdict: "pass", check: "success" });
  });
});
