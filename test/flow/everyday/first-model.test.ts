import { describe, expect, it } from "vitest";
import { openStory } from "#test/flow/story/open-story.ts";
import { config, modelFiles, params } from "#test/flow/story/repository-files.ts";

const workflow = ".github/workflows/trainyard.yml";
const configFile = ".github/trainyard.yml";
const both = { stock: {}, churn: {} };

describe("a first model", () => {
  it("that a pull request brings is green where every absolute gate holds, and ships on the merge", async () => {
    await using story = await openStory({ writer: "app", models: { stock: {} }, start: "production" });
    const pull = await story.propose({ ...modelFiles("churn"), [configFile]: config("app", both) }, "first");
    expect(await story.text(pull)).toMatchInlineSnapshot(`
      "### 🟢 churn: the first model, and every gate for it holds. Merging ships it as v1.0.0 to \`production\`

      | 400 customers, \`holdout.csv\` | this pull request (95 % interval) | gate            |
      | :--------------------------- | --------------------------------: | :-------------- |
      | AUC ↑                        |               0.73 (0.68 to 0.78) | 🟢 at least 0.6 |

      Data: +200 rows, 1 file added

      Trained on \`·······\` in 0.0 s on \`sandbox-1\`

      <sub>For head \`·······\` · \`/train --again\` · \`/help\`</sub>"
    `);
    expect(await story.ending(pull)).toMatchInlineSnapshot(`
      {
        "check": "success",
        "production": "nothing",
        "trainings": 1,
        "verdict": "first",
        "waits": 0,
      }
    `);
    await story.merge(pull);
    expect(await story.ending()).toEqual({ production: "v1.0.0", trainings: 1, waits: 0 });
    expect((await story.answers(pull)).slice(1)).toMatchInlineSnapshot(`
      [
        "🚂 **churn v1.0.0** stands at \`production\`: the bytes that were reviewed here, \`sha256:·······…\`, nothing trained again.

      To undo: revert this pull request.",
      ]
    `);
  });

  it("waits for people where no absolute gate says what it must reach", async () => {
    const churn = { gates: [{ metric: "auc", versus: "production", "may-worsen": 0.01 } as const] };
    await using story = await openStory({ writer: "app", models: { stock: {} }, start: "production" });
    const pull = await story.propose(
      { ...modelFiles("churn"), [configFile]: config("app", { stock: {}, churn }) },
      "first",
    );
    expect(await story.firstLines(pull)).toMatchInlineSnapshot(
      `"### 🟡 churn: a first model: nothing is in production yet, and no gate says what a first model must reach. To take it as it is: \`/accept churn ·······\`. Merged without that word, nothing ships until somebody says \`/promote\`"`,
    );
    expect(await story.ending(pull)).toMatchInlineSnapshot(`
      {
        "check": "action_required",
        "production": "nothing",
        "trainings": 1,
        "verdict": "first",
        "waits": 0,
      }
    `);
    await story.merge(pull);
    expect(await story.ending()).toEqual({ production: "nothing", trainings: 1, waits: 1 });
  });

  it("that an absolute gate refuses is red, and a merge over the red check ships nothing", async () => {
    await using story = await openStory({ writer: "app", models: { stock: {} }, start: "production" });
    const pull = await story.propose(
      { ...modelFiles("churn"), [configFile]: config("app", both), "churn/params.txt": params(0.1) },
      "first",
    );
    expect(await story.firstLines(pull)).toMatchInlineSnapshot(
      `"### 🔴 churn: refused: AUC must be at least 0.6: it is 0.539 (0.482 to 0.596)"`,
    );
    expect(await story.ending(pull)).toMatchInlineSnapshot(`
      {
        "check": "failure",
        "production": "nothing",
        "trainings": 1,
        "verdict": "fail",
        "waits": 0,
      }
    `);
    await story.merge(pull);
    expect(await story.ending()).toEqual({ production: "nothing", trainings: 1, waits: 0 });
  });

  it("that comes with the config and the workflow is told for information, and waits after the merge", async () => {
    await using story = await openStory({ writer: "app" });
    const pull = await story.propose(story.files, "init");
    expect(await story.text(pull)).toMatchInlineSnapshot(`
      "### 🟢 churn: the first model, and every gate for it holds. Merging ships nothing until somebody says \`/promote\`

      The default branch has no config yet: this is for information, and one \`/promote\` after the merge starts production.

      | 400 customers, \`holdout.csv\` | this pull request (95 % interval) | gate            |
      | :--------------------------- | --------------------------------: | :-------------- |
      | AUC ↑                        |               0.73 (0.68 to 0.78) | 🟢 at least 0.6 |

      Data: +200 rows, 1 file added

      Trained on \`·······\` in 0.0 s on \`sandbox-1\`

      <sub>For head \`·······\` · \`/train --again\` · \`/help\`</sub>"
    `);
    expect(await story.ending(pull)).toMatchInlineSnapshot(`
      {
        "check": "success",
        "production": "nothing",
        "trainings": 1,
        "verdict": "first",
        "waits": 0,
      }
    `);
    await story.merge(pull);
    expect(await story.ending()).toEqual({ production: "nothing", trainings: 1, waits: 1 });
    const [waiting] = await story.waiting();
    await story.comment(waiting?.number ?? 0, "/promote");
    expect(await story.ending()).toEqual({ production: "v1.0.0", trainings: 1, waits: 0 });
  });

  it("that comes with a config, where the workflow is there already, waits after the merge", async () => {
    await using story = await openStory({ writer: "app" });
    await story.push({ [workflow]: story.files[workflow] ?? "" });
    const pull = await story.propose(story.files, "config");
    expect(await story.ending(pull)).toMatchInlineSnapshot(`
      {
        "check": "success",
        "production": "nothing",
        "trainings": 1,
        "verdict": "first",
        "waits": 0,
      }
    `);
    await story.merge(pull);
    expect(await story.ending()).toEqual({ production: "nothing", trainings: 1, waits: 1 });
  });
});

describe("a push to the default branch", () => {
  it("is trained and judged, and waits for the word of somebody who may write", async () => {
    await using story = await openStory({ writer: "app", start: "pushed" });
    expect(await story.ending()).toEqual({ production: "nothing", trainings: 1, waits: 1 });
    const [waiting] = await story.waiting();
    const issue = waiting?.number ?? 0;
    expect(waiting?.title).toBe("churn waits for /promote");
    expect((await story.issue(issue)).body).toMatchInlineSnapshot(`
      "### 🟡 churn waits: nobody reviewed exactly this

      The default branch at \`·······\` asks for a model that is trained and judged, and not in production yet. Nothing is in production.

      Verdict \`first\`: nothing is in production yet, and every gate for a first model holds

      | 400 customers, \`holdout.csv\` | what waits (95 % interval) | gate            |
      | :--------------------------- | -------------------------: | :-------------- |
      | AUC ↑                        |        0.73 (0.68 to 0.78) | 🟢 at least 0.6 |

      To let exactly this go on, somebody who may write comments here:

      \`\`\`
      /promote churn ······· -- why
      \`\`\`

      To have something else instead: merge a pull request that changes it, or revert what brought it. This issue closes by itself once nothing waits."
    `);
    await story.comment(issue, "/promote", "cyd");
    expect((await story.answers(issue)).at(-1)).toMatchInlineSnapshot(
      `"🚫 Only people who may write to this repository can say that; \`cyd\` may not. Nothing was done."`,
    );
    await story.comment(issue, "/promot churn", "ben");
    expect((await story.answers(issue)).at(-1)).toMatchInlineSnapshot(`
      "🤔 There is no command "/promot". Did you mean \`/promote [model] [digest] [-- why]\`?

      - \`/accept [model] [digest] [-- why]\`: take an undecided verdict on this pull request as it is
      - \`/promote [model] [digest] [-- why]\`: let what waits on the default branch go on
      - \`/train [--again] [commit]\`: train this pull request's head
      - \`/rollback [model] [version] [-- why]\`: open a pull request that pins an earlier version; the one before this, where none is named
      - \`/hold [model] [-- why]\`: open a pull request that pins what is in production now
      - \`/snooze 2w|10d|12h|off\`: on the issue of a model that drifts: no comment and no retraining pull request until then
      - \`/help\`: list the commands"
    `);
    await story.comment(issue, "/promote churn 0123456789ab", "ben");
    expect((await story.answers(issue)).at(-1)).toMatchInlineSnapshot(
      `"🚫 Not done. What waits now is ·······, not ·······: look at it again."`,
    );
    await story.comment(issue, "Shall we /promote this?", "ben");
    expect(await story.answers(issue)).toHaveLength(3);
    expect(await story.ending()).toEqual({ production: "nothing", trainings: 1, waits: 1 });
    await story.comment(issue, "/promote churn -- good enough to start", "ben");
    expect((await story.answers(issue)).at(-1)).toMatchInlineSnapshot(
      `"🚂 Promoting \`churn\` to \`production\`: what waited as \`·······\`, exactly the model file with the SHA-256 \`·······…\`, whose verdict is \`first\` (nothing is in production yet, and every gate for a first model holds)."`,
    );
    expect(await story.ending()).toEqual({ production: "v1.0.0", trainings: 1, waits: 0 });
    expect((await story.issue(issue)).state).toBe("closed");
    expect(await story.standing()).toMatchObject({ by: "ben", why: "good enough to start", pull: null });
  });
});
