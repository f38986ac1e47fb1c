import { beforeEach, describe, expect, it } from "vitest";
import { subjectOfRun } from "#core/identity/subject.ts";
import type { ReportRecord } from "#core/plan/plan-record.ts";
import { reportArtifact } from "#flow/evidence/record-report.ts";
import { evidencePath } from "#flow/evidence/evidence-reader.ts";
import { openWorld, reconcile } from "#test/flow/local/local-story.ts";
import type { LocalWorld } from "#test/flow/local/local-world.ts";

const workflow = ".github/workflows/trainyard.yml";
let world: LocalWorld;
beforeEach(async () => void (world = await openWorld()));

const reportOf = (run: number): string => `${run}/${reportArtifact.artifact}/${reportArtifact.file}`;
const readReport = (run: number): ReportRecord => JSON.parse(world.storage.artifacts[reportOf(run)] ?? "");
function forge(run: number, change: (report: ReportRecord) => unknown): void {
  world.storage.artifacts[reportOf(run)] = JSON.stringify(change(readReport(run)));
}
const runOf = (id: number) => world.memory.runs.find((run) => run.id === id)!;
const pull = () => world.memory.pulls[0]!;
async function verdict(run = 2): Promise<string> {
  const { models } = await reconcile(world, 1, run);
  const answer = models[0]?.answer;
  return answer?.kind === "verdict" ? `${answer.verdict.kind}${answer.verdict.green ? ", green" : ""}` : "pending";
}
const recorded = async (): Promise<readonly string[]> => await world.ports().evidence.list();

describe("a report", () => {
  it("of an honest run is believed", async () => {
    expect(await verdict()).toBe("pass, green");
  });

  it("by a run of an earlier commit about the commit that came after it is not believed", async () => {
    const before = await recorded();
    const tampered = world.commit("tampered", { [workflow]: "on: pull_request\n" }, "Tamper");
    runOf(2).head = tampered;
    // the run of the tampered commit ends after the next one was pushed, and tells of that one
    expect(await verdict()).toBe("stale");
    expect(await recorded()).toEqual(before);
  });

  it("by a run on a tag or a rewound branch that bears the default branch's name does not count", async () => {
    const elsewhere = world.commit("elsewhere", { [workflow]: "on: workflow_dispatch\n" }, "Tamper");
    Object.assign(runOf(2), { event: "workflow_dispatch", branch: "main", head: elsewhere, pull: undefined });
    expect(await verdict()).toBe("error");
  });

  it("by a run that was started on the default branch counts", async () => {
    const { head } = await world.ports().repository.defaultBranch();
    Object.assign(runOf(2), { event: "workflow_dispatch", branch: "main", head, pull: undefined });
    expect(await verdict()).toBe("pass, green");
  });

  it("under an untouched workflow that calls a changed one of the same repository does not count", async () => {
    const called = ".github/workflows/called.yml";
    world.commit("main", { [workflow]: `jobs: { loop: { uses: ./${called} } }\n`, [called]: "honest\n" }, "Call");
    const sha = world.commit("caller", { "params.txt": "auc 0.8\n", [called]: "tampered\n" }, "Tamper");
    pull().head = { sha, ref: "caller" };
    runOf(2).head = sha;
    forge(2, (report) => ({ ...report, head: sha }));
    expect(await verdict()).toBe("error");
  });

  it("of a run that claims to have been before it began is of its beginning", async () => {
    const createdAt = new Date("2026-03-01T10:00:00Z");
    Object.assign(runOf(2), { createdAt });
    forge(2, ({ runs, ...rest }) => ({
      ...rest,
      runs: runs.map((run) => ({ ...run, at: "2001-01-01T00:00:00.000Z" })),
    }));
    expect(await verdict()).toBe("pass, green");
    const path = (await recorded()).find((one) => one.startsWith("runs/") && one.endsWith("/2-1.json")) ?? "";
    expect(JSON.parse((await world.ports().evidence.read(path)) ?? "")).toMatchObject({ at: createdAt.toISOString() });
  });

  it("that cannot be read is an error", async () => {
    world.storage.artifacts[reportOf(2)] = '{"schema":"trainyard/report/1","runs":[1e999]}';
    expect(await verdict()).toBe("error");
    const { models } = await reconcile(world, 1, 2);
    expect(models[0]?.answer).toMatchObject({
      verdict: { because: "The report of run 2 cannot be read: say /train to try again" },
    });
  });

  it("says nothing new of answers and comparisons that are there already", async () => {
    expect(await verdict()).toBe("pass, green");
    const report = readReport(2);
    const paths = [evidencePath.predictions(report.predictions[0]!), evidencePath.comparison(report.comparisons[0]!)];
    const before = await Promise.all(paths.map(async (path) => await world.ports().evidence.read(path)));
    forge(2, ({ predictions, comparisons, ...rest }) => ({
      ...rest,
      predictions: predictions.map((record) => ({ ...record, sha256: "0".repeat(64) })),
      comparisons: comparisons.map((record) => ({ ...record, units: 1 })),
    }));
    await reconcile(world, 1, 2);
    expect(await Promise.all(paths.map(async (path) => await world.ports().evidence.read(path)))).toEqual(before);
  });

  it("that gives other bytes the digest of a model that passed is not believed", async () => {
    expect(await verdict()).toBe("pass, green");
    const good = readReport(2).runs[0]!.artifact;
    // the next run of the same recipe lists files of its own under that digest
    forge(2, ({ runs, ...rest }) => ({
      ...rest,
      runs: runs.map((run) => ({
        ...run,
        artifact: { ...good, files: good.files.map((file) => ({ ...file, sha256: "0".repeat(64) })) },
      })),
    }));
    runOf(2).attempt = 2;
    await reconcile(world, 1, 2);
    expect((await recorded()).filter((path) => path.endsWith("/2-2.json"))).toEqual([]);
  });

  it("does not say what its training saw", async () => {
    forge(2, (report) => ({ ...report, runs: report.runs.map((run) => ({ ...run, inputs: [] })) }));
    await verdict();
    const path = (await recorded()).find((one) => one.endsWith("/2-1.json")) ?? "";
    expect(JSON.parse((await world.ports().evidence.read(path)) ?? "").inputs).toHaveLength(3);
  });

  it("by a fork says nothing of production", async () => {
    const production = subjectOfRun(readReport(1).runs[0]!);
    pull().fork = true;
    runOf(2).fork = true;
    forge(2, (report) => {
      const record = report.predictions[0]!;
      return {
        ...report,
        predictions: [...report.predictions, { ...record, evaluation: record.evaluation, subject: production }],
      };
    });
    const path = evidencePath.predictions({
      evaluation: readReport(2).predictions[0]!.evaluation,
      subject: production,
    });
    const before = await world.ports().evidence.read(path);
    expect(await verdict()).toBe("pass, green");
    expect(await world.ports().evidence.read(path)).toBe(before);
  });
});
