import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobsOf, runsOf, type StoredJob } from "#sandbox/actions/link/run-store.ts";
import { openStory, type Story } from "#test/flow/story/open-story.ts";
import { config, params, repositoryFiles, type ModelOptions, type Models } from "#test/flow/story/repository-files.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trainyard-team-"));
});
afterAll(async () => {
  delete process.env["HOST_SECRET"];
  await rm(folder, { recursive: true, force: true });
});

const train = (name: string, run: string, timeout?: string): ModelOptions => ({
  train: { run, model: `${name}/model.txt`, ...(timeout === undefined ? {} : { timeout }) },
});
const predict = (run: string): ModelOptions => ({ predict: { run } });
const answer = (first: string, rest: string): ModelOptions =>
  predict(`awk -F, 'FNR == 1 { print "${first}"; next } { ${rest} }' "$ROWS" > "$PREDICTIONS"`);

/** Each of these has a command that does something wrong. */
const models: Models = {
  exits: train("exits", "echo 'no such column: age' >&2; exit 1"),
  hangs: train("hangs", "echo waiting; setsid sleep 424201 & sleep 424202", "1s"),
  floods: train("floods", "head -c 100000000 /dev/zero | tr '\\0' x; exit 3"),
  forgets: train("forgets", "true"),
  strays: train("strays", "cp strays/params.txt strays/model.txt; touch ../mine"),
  mute: predict("exit 9"),
  blank: predict('touch "$PREDICTIONS"'),
  short: answer("customer,p", 'if (FNR > 3) print $1 ",0.5"'),
  nameless: answer("customer", "print $1"),
  nan: answer("customer,p", 'print $1 ",NaN"'),
};

describe("what the team's commands do wrong", () => {
  it("is an error of each model that says what to do: nothing is green, promoted or left running", async () => {
    await using story = await openStory({ writer: "actions", start: "production" });
    const pull = await story.propose(repositoryFiles("actions", { churn: {}, ...models }, "one"), "many");
    const report = await story.text(pull);
    expect(report.slice(0, report.indexOf("\n\n<details>"))).toMatchInlineSnapshot(`
      "### 🔴 exits, the worst of 10 models: could not be judged: The "train" command exited 1: its log ends with the reason

      | model | verdict | production |
      | - | - | - |
      | exits | 🔴 could not be judged: The "train" command exited 1: its log ends with the reason | — |
      | hangs | 🔴 could not be judged: The "train" command did not end within 1 s and was ended: make it faster, or raise "train.timeout" | — |
      | floods | 🔴 could not be judged: The "train" command exited 3: its log ends with the reason | — |
      | forgets | 🔴 could not be judged: The "train" command ended well but its model "forgets/model.txt" is missing: write the model there, or set "train.model" to the path that it writes | — |
      | strays | 🔴 could not be judged: The "train" command wrote "../mine", outside its folder: write below the folder that it starts in | — |
      | mute | 🔴 could not be judged: The "predict" command exited 9: its log ends with the reason | — |
      | blank | 🔴 could not be judged: The "predict" command ended well but its predictions are empty: write one line for each row of the file that the variable ROWS names | — |
      | short | 🔴 could not be judged: Predictions of the candidate: 2 of 400 rows are missing ("20000", "20001"); write one line for each "customer" of ROWS, and no other | — |
      | nameless | 🔴 could not be judged: Predictions of the candidate: column "p" is missing, there are "customer"; the first line of PREDICTIONS has to be customer,p | — |
      | nan | 🔴 could not be judged: Predictions of the candidate: column "p" must hold a number in each of 400 lines, 400 are none ("NaN", "NaN", "NaN" and 397 more) | — |"
    `);
    for (const said of ["no such column: age", "waiting", "xxxx"]) expect(report).toContain(said);
    expect(report.length).toBeLessThan(60_000);
    expect(await story.check(pull)).toMatchObject({ conclusion: "failure", job: "failure" });
    expect(findProcesses("sleep 4242")).toEqual([]);
    expect(await story.production()).toBe("v1.0.0");
  });

  it("costs no training where only the predicting failed, and is tried again when somebody asks", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const flag = join(folder, "flag");
    const changed = config("app", { churn: predict(`test -e "${flag}" && sh churn/predict.sh`) });
    const pull = await story.propose({ ".github/trainyard.yml": changed, "churn/params.txt": params(0.7) }, "flaky");
    expect(await story.firstLines(pull)).toMatchInlineSnapshot(
      `"### 🔴 churn: could not be judged: The "predict" command exited 1: its log ends with the reason"`,
    );
    expect(await story.ending(pull)).toMatchInlineSnapshot(`
      {
        "check": "failure",
        "production": "v1.0.0",
        "trainings": 2,
        "verdict": "error",
        "waits": 0,
      }
    `);
    await writeFile(flag, "");
    await story.comment(pull, "/train");
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
  });
});

const commands = [
  "::set-output name=green::true",
  "##[set-output name=green]true",
  "::add-mask::train",
  "::error::not mine",
  "##[error]not mine",
  "##[group]everything below",
  "::stop-commands::never",
  "::notice::%0A::error::not mine",
];

describe("what the team's commands say and see", () => {
  it("is text to the runner, and holds no token and no secret but those that the config names", async () => {
    await using story = await openStory({ writer: "actions", jobs: "apart", start: "production" });
    process.env["HOST_SECRET"] = "the host's own";
    const secrets = "HF_KEY=hf-0123456789\nOTHER=not-for-training";
    story.sandbox.actions.configure(story.repo, { secrets: { TRAINYARD: secrets } });
    const churn = (run: string): ModelOptions => ({
      train: { run, model: "churn/model.txt", secrets: ["HF_KEY"] },
    });
    const workflow = `${story.files[".github/workflows/trainyard.yml"] ?? ""}    secrets:\n      secrets: \${{ secrets.TRAINYARD }}\n`;
    await story.push({
      ".github/workflows/trainyard.yml": workflow,
      ".github/trainyard.yml": config("actions", { churn: churn("cd churn && sh train.sh") }),
    });
    const say = commands.map((line) => `echo '${line}'`).join("; ");
    const look = `env > "${folder}/env"; tr '\\0' '\\n' < /proc/$PPID/environ > "${folder}/start"`;
    const run = `${say}; ${look}; echo "$HF_KEY"; cd churn && sh train.sh`;
    const pull = await story.propose(
      { ".github/trainyard.yml": config("actions", { churn: churn(run) }), "churn/params.txt": params(0.7) },
      "hostile",
    );
    expect(await story.check(pull)).toMatchObject({ conclusion: "success", job: "success" });
    const job = jobNamed(story, "train churn");
    expect(job.annotations).toEqual([]);
    expect(job.outputs).toEqual({});
    const log = readFileSync(story.sandbox.actions.logPath(job), "utf8");
    expect(log).toContain(": :set-output name=green::true");
    expect(log).toContain("## [group]everything below");
    expect(log).not.toContain("hf-0123456789");
    expect(log).not.toMatch(/ (?:::|##\[(?!group|endgroup))(?!debug)/);
    const [env, start] = await Promise.all(["env", "start"].map((name) => readFile(join(folder, name), "utf8")));
    expect(env).toMatch(/^HF_KEY=hf-0123456789$/m);
    expect(start).not.toContain("HF_KEY");
    for (const seen of [env, start]) {
      expect(seen).toMatch(/^PATH=/m);
      expect(seen).not.toMatch(/TOKEN|SECRET|OTHER|^INPUT_|^GITHUB_(?:OUTPUT|ENV|PATH|STATE)=|ghs_/m);
    }
  });

  it("ends when the run is cancelled, and so does all that was started", async () => {
    await using story = await openStory({ writer: "actions", jobs: "apart", start: "production" });
    const run = "setsid sleep 434301 & sleep 434302";
    const changed = { ".github/trainyard.yml": config("actions", { churn: train("churn", run) }) };
    const going = story.propose(changed, "hangs");
    await until(() => findProcesses("sleep 4343").length === 2);
    const [newest] = runsOf(story.repo).toSorted((a, b) => b.id - a.id);
    story.sandbox.actions.cancel(newest?.id ?? 0);
    const pull = await going;
    expect(findProcesses("sleep 4343")).toEqual([]);
    expect(jobNamed(story, "train churn").conclusion).toBe("cancelled");
    expect(await story.firstLines(pull)).toMatchInlineSnapshot(
      `"### 🔴 churn: could not be judged: The "train" command was cancelled"`,
    );
    expect(await story.check(pull)).toMatchInlineSnapshot(`
      {
        "conclusion": "failure",
        "job": "failure",
        "title": "🔴 churn: could not be judged: The "train" command was cancelled",
      }
    `);
  });
});

function jobNamed(story: Story, name: string): StoredJob {
  const all = runsOf(story.repo)
    .toSorted((a, b) => a.id - b.id)
    .flatMap(({ id }) => jobsOf(story.repo, id));
  const job = all.findLast((one) => one.name.endsWith(name));
  if (job === undefined) throw new Error(`There is no job "${name}"`);
  return job;
}

/** Command lines that begin so. */
function findProcesses(start: string): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((id) => {
      try {
        return readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return "";
      }
    })
    .filter((line) => line.startsWith(start));
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !holds();) {
    if (Date.now() > end) throw new Error("It never came to that");
    // oxlint-disable-next-line no-await-in-loop -- a look every now and then
    await sleep(50);
  }
}
