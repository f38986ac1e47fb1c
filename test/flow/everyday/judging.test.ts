import { describe, expect, it } from "vitest";
import { subjectOfRun } from "#core/identity/subject.ts";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { openStory, type Story } from "#test/flow/story/open-story.ts";
import { config, evaluate, params } from "#test/flow/story/repository-files.ts";
import { makeRows } from "#test/flow/story/rows.ts";

const configFile = ".github/trainyard.yml";
const paramsFile = "churn/params.txt";
const otherHoldout = { "churn/other.csv": makeRows(400, 4) };

/** What the model in production was ever compared on: the rows that were left, and the files that were dropped. */
async function comparedOn(
  story: Story,
): Promise<{ units: number; dropped: readonly string[]; holdout: readonly string[] }[]> {
  const reader = new EvidenceReader(story.ports.evidence);
  const run = await reader.run((await story.standing())?.run ?? "");
  const known = run === undefined ? [] : await reader.comparisonsOf(subjectOfRun(run));
  return known.map(({ units, dropped, holdout }) => ({ units, dropped, holdout }));
}

/** What a training saw is in the very bytes of the model: the trainer writes the paths of all its files into it. */
async function sawFiles(story: Story): Promise<readonly string[]> {
  const standing = await story.standing();
  const run = await new EvidenceReader(story.ports.evidence).run(standing?.run ?? "");
  const { text } = await story.model(standing?.version ?? "");
  const saw = [...text.matchAll(/^saw \.\.\/(.*)$/gm)]
    .map((match) => match[1] ?? "")
    .filter((path) => !path.includes(".git/"));
  expect(saw.filter((path) => path.endsWith(".csv"))).toEqual(
    (run?.inputs ?? [])
      .map(({ path }) => path)
      .filter((path) => path.endsWith(".csv"))
      .toSorted(),
  );
  return saw;
}

describe("a pull request that changes how models are judged, and no model", () => {
  it("by its gates shows production under the old and the new ones, green", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const gates = [{ metric: "auc", "at-least": 0.99 } as const];
    const pull = await story.propose({ [configFile]: config("app", { churn: { gates } }) }, "gates");
    expect(await story.text(pull)).toMatchInlineSnapshot(`
      "### 🟢 churn: nothing new would ship: the evaluation, the gates or the promotion change. Merging moves nothing. Note: it changes the gates; production does not pass 1 gate that it proposes

      | 400 customers, \`holdout.csv\` | production (95 % interval) | gate            |
      | :--------------------------- | -------------------------: | :-------------- |
      | AUC ↑                        |        0.73 (0.68 to 0.78) | 🟢 at least 0.6 |

      **Production by the gates that this pull request proposes** (they decide only once it is merged):

      - 🔴 AUC must be at least 0.99: it is 0.731 (0.680 to 0.777)

      <sub>For head \`·······\` · \`/train --again\` · \`/help\`</sub>"
    `);
    expect(await story.ending(pull)).toEqual({
      verdict: "settings",
      check: "success",
      production: "v1.0.0",
      trainings: 1,
      waits: 0,
    });
    await story.merge(pull);
    expect(await story.ending()).toEqual({ production: "v1.0.0", trainings: 1, waits: 0 });
  });

  it("by its holdout shows production on the old and the new one, green", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const files = {
      [configFile]: config("app", { churn: { evaluate: evaluate("churn", "churn/other.csv") } }),
      ...otherHoldout,
    };
    const pull = await story.propose(files, "holdout");
    expect(await story.text(pull)).toMatchInlineSnapshot(`
      "### 🟢 churn: nothing new would ship: the evaluation, the gates or the promotion change. Merging moves nothing. Note: it changes the evaluation

      | 400 customers, \`holdout.csv\` | production (95 % interval) | gate            |
      | :--------------------------- | -------------------------: | :-------------- |
      | AUC ↑                        |        0.73 (0.68 to 0.78) | 🟢 at least 0.6 |

      **Under the evaluation that this pull request proposes** (it decides only once it is merged):

      | 400 customers, \`other.csv\` | production (95 % interval) |
      | :------------------------- | -------------------------: |
      | AUC ↑                      |        0.68 (0.63 to 0.73) |

      <sub>For head \`·······\` · \`/train --again\` · \`/help\`</sub>"
    `);
    expect(await story.ending(pull)).toEqual({
      verdict: "settings",
      check: "success",
      production: "v1.0.0",
      trainings: 1,
      waits: 0,
    });
    await story.merge(pull);
    expect(await story.ending()).toEqual({ production: "v1.0.0", trainings: 1, waits: 0 });
  });
});

describe("a pull request that changes a model and how it is judged", () => {
  it("says so first, sits both evaluations, is decided by the base branch's, and ships what was reviewed", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const files = {
      [configFile]: config("app", { churn: { evaluate: evaluate("churn", "churn/other.csv") } }),
      ...otherHoldout,
      [paramsFile]: params(0.8),
    };
    const pull = await story.propose(files, "both");
    expect(await story.text(pull)).toMatchInlineSnapshot(`
      "### 🟢 churn: better than production v1.0.0. Merging ships it as v1.1.0 to \`production\`. Note: it changes the evaluation

      | 400 customers, \`holdout.csv\` | production | this pull request | difference (95 % interval) | gate                                   |
      | :--------------------------- | ---------: | ----------------: | -------------------------: | :------------------------------------- |
      | AUC ↑                        |       0.73 |              0.91 | **+0.18** (+0.15 to +0.22) | 🟢 at least 0.6; 🟢 at most 0.01 worse |

      **Under the evaluation that this pull request proposes** (it decides only once it is merged):

      | 400 customers, \`other.csv\` | production | this pull request | difference (95 % interval) |
      | :------------------------- | ---------: | ----------------: | -------------------------: |
      | AUC ↑                      |       0.68 |              0.87 | **+0.19** (+0.15 to +0.22) |

      80 newly right, 14 newly wrong

      Trained on \`·······\` in 0.0 s on \`sandbox-1\`

      <sub>For head \`·······\` · \`/train --again\` · \`/help\`</sub>"
    `);
    expect(await story.ending(pull)).toEqual({
      verdict: "pass",
      check: "success",
      production: "v1.0.0",
      trainings: 2,
      waits: 0,
    });
    await story.merge(pull);
    expect(await story.ending()).toEqual({ production: "v1.1.0", trainings: 2, waits: 0 });
  });

  it("cannot lower the bar for itself", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const gates = [{ metric: "auc", "at-least": 0.1 } as const];
    const pull = await story.propose(
      { [configFile]: config("app", { churn: { gates } }), [paramsFile]: params(0.2) },
      "cheat",
    );
    expect(await story.firstLines(pull)).toMatchInlineSnapshot(
      `"### 🔴 churn: refused: AUC is 0.157 worse than production (0.136 to 0.177), more than the 0.01 allowed. Note: it changes the gates"`,
    );
    expect(await story.ending(pull)).toEqual({
      verdict: "fail",
      check: "failure",
      production: "v1.0.0",
      trainings: 2,
      waits: 0,
    });
  });

  it("says first that it changes a holdout file, and both are judged on the changed one", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const pull = await story.propose({ "churn/holdout.csv": makeRows(300, 3), [paramsFile]: params(0.8) }, "holdout");
    expect(await story.firstLines(pull, 2)).toMatchInlineSnapshot(`
      "### 🟢 churn: better than production v1.0.0. Merging ships it as v1.1.0 to \`production\`. Note: it changes 1 holdout file
      - ⚠️ Holdout files are changed, not added: \`churn/holdout.csv\`"
    `);
    expect(await story.ending(pull)).toEqual({
      verdict: "pass",
      check: "success",
      production: "v1.0.0",
      trainings: 2,
      waits: 0,
    });
    await story.merge(pull);
    expect((await comparedOn(story)).map(({ units }) => units)).toEqual([300]);
  });
});

describe("a holdout that production was trained on", () => {
  it("is dropped for both, file by file, and that is said", async () => {
    await using story = await openStory({ writer: "app", start: "production", models: { churn: { rolling: true } } });
    const longer = { rolling: true, evaluate: evaluate("churn", { last: 4, of: "churn/weeks/*.csv" }) };
    const pull = await story.propose(
      { [configFile]: config("app", { churn: longer }), [paramsFile]: params(0.8) },
      "longer",
    );
    expect(await story.text(pull)).toMatchInlineSnapshot(`
      "### 🟢 churn: better than production v1.0.0. Merging ships it as v1.1.0 to \`production\`. Note: it changes the evaluation

      - Left out for both sides, as one of them was trained on it: \`churn/weeks/week-3.csv\`, \`churn/weeks/week-4.csv\`

      | 400 customers, \`week-5.csv\` to \`week-6.csv\` | production | this pull request | difference (95 % interval) | gate                                   |
      | :------------------------------------------ | ---------: | ----------------: | -------------------------: | :------------------------------------- |
      | AUC ↑                                       |       0.69 |              0.88 | **+0.18** (+0.15 to +0.22) | 🟢 at least 0.6; 🟢 at most 0.01 worse |

      **Under the evaluation that this pull request proposes** (it decides only once it is merged):

      | 400 customers, \`week-5.csv\` to \`week-6.csv\` | production | this pull request | difference (95 % interval) |
      | :------------------------------------------ | ---------: | ----------------: | -------------------------: |
      | AUC ↑                                       |       0.69 |              0.88 | **+0.18** (+0.15 to +0.22) |

      Data: −400 rows, 2 files removed

      82 newly right, 9 newly wrong

      Trained on \`·······\` in 0.0 s on \`sandbox-1\`

      <sub>For head \`·······\` · \`/train --again\` · \`/help\`</sub>"
    `);
    expect(await story.ending(pull)).toEqual({
      verdict: "pass",
      check: "success",
      production: "v1.0.0",
      trainings: 2,
      waits: 0,
    });
    await story.merge(pull);
    const weeks = (numbers: readonly number[]): string[] => numbers.map((week) => `churn/weeks/week-${week}.csv`);
    expect(await comparedOn(story)).toEqual(
      expect.arrayContaining([
        { units: 400, dropped: [], holdout: weeks([5, 6]) },
        { units: 400, dropped: weeks([3, 4]), holdout: weeks([5, 6]) },
      ]),
    );
  });

  it("whole leaves no row, which decides nothing", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    await story.push({
      [configFile]: config("app", {
        churn: {
          evaluate: evaluate("churn", "churn/train.csv"),
          inputs: { code: ["churn/*.sh"], params: ["churn/params.txt"] },
        },
      }),
    });
    expect(await story.ending()).toMatchObject({ production: "v1.0.0" });
    const pull = await story.propose({ [paramsFile]: params(0.8) }, "better");
    expect(await story.firstLines(pull)).toMatchInlineSnapshot(
      `"### 🟡 churn: not decided: no row of the holdout is left: one of the two models was trained on all of it. Add data, or take it as it is: \`/accept churn ·······\`. Merged without that word, nothing ships until somebody says \`/promote\`. Note: merging ships something else besides, see below"`,
    );
    expect(await story.ending(pull)).toMatchObject({
      verdict: "inconclusive",
      check: "action_required",
      production: "v1.0.0",
    });
  });
});

describe("a rolling holdout", () => {
  it("that grows is the next evaluation: the week that leaves it is trained on, the newest never is", async () => {
    await using story = await openStory({ writer: "app", start: "production", models: { churn: { rolling: true } } });
    expect((await sawFiles(story)).filter((path) => path.includes("weeks/"))).toEqual(
      [1, 2, 3, 4].map((week) => `churn/weeks/week-${week}.csv`),
    );
    const pull = await story.propose(
      { "churn/weeks/week-7.csv": makeRows(200, 7), "churn/params.txt": params(0.8) },
      "week-7",
    );
    expect(await story.ending(pull)).toMatchObject({ verdict: "pass", check: "success", trainings: 2 });
    expect(await story.text(pull)).toContain("week-6.csv");
    await story.merge(pull);
    expect(await story.production()).toBe("v1.1.0");
    expect((await sawFiles(story)).filter((path) => path.includes("weeks/"))).toEqual(
      [1, 2, 3, 4, 5].map((week) => `churn/weeks/week-${week}.csv`),
    );
  });
});
