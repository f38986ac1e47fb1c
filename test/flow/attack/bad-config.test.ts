import { describe, expect, it } from "vitest";
import { openStory } from "#test/flow/story/open-story.ts";
import { config, params, repositoryFiles, type Models } from "#test/flow/story/repository-files.ts";

const file = ".github/trainyard.yml";

/** Ten mistakes, each of another kind. */
const mistakes = `version: 2
models:
  churn:
    inputs: { data: [../train.csv], code: ["churn/*.sh"] }
    train: { run: "cd churn && sh train.sh", model: /srv/model.txt, timeout: 30 }
    predict: { command: sh churn/predict.sh }
    evaluate: { holdout: churn/holdout.csv, task: binray, label: churned, scores: p }
    gates:
      - { metric: acu, at-least: 0.6 }
    promotes: { stages: [production] }
`;

describe("a config that cannot be read", () => {
  it("has all its mistakes in one comment, each with its line and what would be right", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const pull = await story.propose({ [file]: mistakes, "churn/params.txt": params(0.7) }, "mistakes");
    expect(await story.text(pull)).toMatchInlineSnapshot(`
      "### 🔴 The config cannot be read: 10 mistakes in \`.github/trainyard.yml\`

      - Line 1, \`version\`: must be 1, it is 2
      - Line 4, \`models.churn.inputs.data[0]\`: "../train.csv" is no pattern of paths: it holds "..": patterns stay inside the repository
      - Line 5, \`models.churn.train.model\`: "/srv/model.txt" cannot be written to: it is absolute: paths start in the folder that the command runs in
      - Line 5, \`models.churn.train.timeout\`: must be a duration, such as "12h", "30m" or "90s", it is 30: write it in quotes
      - Line 6, \`models.churn.predict.run\`: "run" is missing: add a shell command, such as "python predict.py"
      - Line 6, \`models.churn.predict.command\`: "command" is not a key here: known here are run, runs-on, timeout
      - Line 7, \`models.churn.evaluate.task\`: must be one of "binary", "ranking", it is "binray": did you mean "binary"?
      - Line 7, \`models.churn.evaluate.scores\`: "scores" is not a key here: did you mean "score"?
      - Line 9, \`models.churn.gates[0].metric\`: "acu" is not a metric of this model: did you mean "auc"?
      - Line 10, \`models.churn.promotes\`: "promotes" is not a key here: did you mean "promote"?

      <sub>For head \`·······\`</sub>"
    `);
    expect((await story.check(pull)).conclusion).toBe("failure");
    // What cannot be read is mended in the same pull request, and then it is a pull request like any other.
    await story.change({ [file]: config("app") }, "mistakes", { onto: "mistakes" });
    expect(await story.ending(pull)).toMatchObject({ verdict: "pass", check: "success", production: "v1.0.0" });
  });

  it("is an error whatever it is instead of a config", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    await story.change({ [file]: "" }, "broken");
    const pull = await story.open("broken");
    const said = [await story.firstLines(pull, 2)];
    const texts = ["\u0000\u0001", `# ${"x".repeat(70_000)}\n`, `version: ${"[".repeat(500)}\n`];
    for (const text of texts) {
      // oxlint-disable-next-line no-await-in-loop -- one push after the other
      await story.change({ [file]: text }, "broken", { onto: "broken" });
      // oxlint-disable-next-line no-await-in-loop -- see above
      said.push(await story.firstLines(pull, 2));
      // oxlint-disable-next-line no-await-in-loop -- see above
      expect(await story.ending(pull)).toMatchObject({ check: "failure", production: "v1.0.0", trainings: 1 });
    }
    expect(said).toMatchInlineSnapshot(`
      [
        "### 🔴 The config cannot be read: 1 mistake in \`.github/trainyard.yml\`
      - Line 1, \`the file\`: must be a map with version and models, it is empty",
        "### 🔴 The config cannot be read: 1 mistake in \`.github/trainyard.yml\`
      - Line 1, \`the file\`: there is a control character (U+0000): remove it",
        "### 🔴 The config cannot be read: 1 mistake in \`.github/trainyard.yml\`
      - Line 1, \`the file\`: the file has 70003 bytes: at most 65536 are read",
        "### 🔴 The config cannot be read: 1 mistake in \`.github/trainyard.yml\`
      - Line 1, \`the file\`: it is nested more than 32 levels deep: at most 32 are read",
      ]
    `);
  });

  it("is no matter of a byte order mark or of line ends", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const windows = `\ufeff${config("app").replaceAll("\n", "\r\n")}`;
    const pull = await story.propose({ [file]: windows, "churn/params.txt": params(0.7) }, "windows");
    expect(await story.ending(pull)).toMatchObject({ verdict: "pass", check: "success" });
    await story.merge(pull);
    expect(await story.ending()).toEqual({ production: "v1.1.0", trainings: 2, waits: 0 });
  });

  it("that is gone retires its models: it waits for people, and production stays", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const pull = await story.propose({ [file]: null }, "gone");
    expect(await story.firstLines(pull)).toMatchInlineSnapshot(
      `"### 🟡 churn: "churn" vanishes from the config: v1.0.0 would be taken from its stages, and its versions stay. To take it as it is: \`/accept churn ·······\`. Merged without that word, its stages stay until somebody says \`/promote\`"`,
    );
    expect(await story.ending(pull)).toMatchObject({ check: "action_required", production: "v1.0.0", trainings: 1 });
  });
});

describe("globs that match nothing", () => {
  const evaluate = { task: "binary", id: "customer", label: "churned", score: "p" } as const;
  const code = ["churn/*.sh"];
  const paramFiles = ["churn/params.txt"];

  it("are an error that names them, and nothing is trained", async () => {
    const changes: readonly Models[string][] = [
      { evaluate: { ...evaluate, holdout: "churn/holdouts.csv" } },
      { evaluate: { ...evaluate, holdout: "churn/holdout.csv", lookup: ["churn/prices.csv"] } },
      { inputs: { data: ["churn/trian.csv"], code, params: paramFiles } },
      { inputs: { data: ["churn/train.csv", "churn/more/*.csv"], code, params: paramFiles } },
    ];
    await using story = await openStory({ writer: "app", start: "production" });
    await story.change(
      { [file]: config("app", { churn: changes[0] ?? {} }), "churn/params.txt": params(0.7) },
      "nothing",
    );
    const pull = await story.open("nothing");
    const said = [await story.firstLines(pull)];
    for (const change of changes.slice(1)) {
      // oxlint-disable-next-line no-await-in-loop -- one push after the other
      await story.change({ [file]: config("app", { churn: change }) }, "nothing", { onto: "nothing" });
      // oxlint-disable-next-line no-await-in-loop -- see above
      said.push(await story.firstLines(pull));
      // oxlint-disable-next-line no-await-in-loop -- see above
      expect(await story.ending(pull)).toMatchObject({ verdict: "error", check: "failure", trainings: 1 });
    }
    expect(said).toMatchInlineSnapshot(`
      [
        "### 🔴 churn: could not be judged: no file matches "churn/holdouts.csv" (evaluate.holdout): correct the pattern, or add the file. Note: it changes the evaluation",
        "### 🔴 churn: could not be judged: no file besides the holdout matches "churn/prices.csv" (evaluate.lookup): correct the pattern, or add the file. Note: it changes the evaluation",
        "### 🔴 churn: could not be judged: no file besides the holdout matches "churn/trian.csv" (inputs.data): correct the pattern, or add the file",
        "### 🔴 churn: could not be judged: no file besides the holdout matches "churn/more/\\*.csv" (inputs.data): correct the pattern, or add the file",
      ]
    `);
  });
});

describe("data that is not as expected", () => {
  it("of one model is an error of that model, trains nothing of it, and costs the other one nothing", async () => {
    const expectations = (): Models[string] => ({ expect: [{ column: "signal", between: [0, 1] }] });
    const models: Models = { churn: expectations(), stock: expectations() };
    await using story = await openStory({ writer: "actions", models, start: "production" });
    const train = `${repositoryFiles("actions", models)["churn/train.csv"] ?? ""}999999,7.5,0.1,0.2,1\n`;
    const files = { "churn/train.csv": train, "churn/params.txt": params(0.7), "stock/params.txt": params(0.7) };
    const pull = await story.propose(files, "data");
    expect(await story.text(pull)).toMatchInlineSnapshot(`
      "### 🔴 churn, the worst of 2 models: could not be judged: Data: "signal" is between 0 and 1: 1 of 201 rows with a value breaks it (0.5 %), first churn/train.csv: row 201 (line 202): 7.5

      | model | verdict | production |
      | - | - | - |
      | churn | 🔴 could not be judged: Data: "signal" is between 0 and 1: 1 of 201 rows with a value breaks it (0.5 %), first churn/train.csv: row 201 (line 202): 7.5 | v1.0.0 |
      | stock | 🟢 better than production v1.0.0. Merging ships it as v1.1.0 to \`production\` | v1.0.0 |

      <details><summary>🔴 churn</summary>

      - 🔴 \`"signal" is between 0 and 1\`: 1 of 201 rows with a value breaks it (0.5 %): \`churn/train.csv: row 201 (line 202): 7.5\`

      Data: +1 row, 1 file changed

      </details>

      <details><summary>🟢 stock</summary>

      | 400 customers, \`holdout.csv\` | production | this pull request |    difference (95 % interval) | gate                                   |
      | :--------------------------- | ---------: | ----------------: | ----------------------------: | :------------------------------------- |
      | AUC ↑                        |      0.731 |             0.867 | **+0.136** (+0.111 to +0.162) | 🟢 at least 0.6; 🟢 at most 0.01 worse |

      56 newly right, 4 newly wrong

      Trained on \`·······\` in 0.0 s on \`sandbox-1\`

      </details>

      <sub>For head \`·······\` · \`/train --again\` · \`/help\`</sub>"
    `);
    expect(await story.check(pull)).toMatchObject({ conclusion: "failure", job: "failure" });
    expect(story.trainings("churn")).toBe(1);
    expect(story.trainings("stock")).toBe(2);
    expect(await story.verdict(pull, "stock")).toBe("pass");
    // The green one ships with a merge over the red check.
    await story.merge(pull);
    expect([await story.production("churn"), await story.production("stock")]).toEqual(["v1.0.0", "v1.1.0"]);
  });
});
