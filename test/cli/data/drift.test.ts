import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { configPath } from "#core/config/config.ts";
import { driftReportSchema } from "#core/drift/drift-record.ts";
import { encodeProfile } from "#core/profile/profile-json.ts";
import { profileFiles } from "#data/profile/profile-files.ts";
import { withTemporaryFolder } from "#disk/temporary-folder.ts";
import { openDraws } from "#test/core/drift/draws.ts";

const main = join(import.meta.dirname, "..", "..", "..", "app", "cli", "main.ts");

function drift(cwd: string, ...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", main, "data", "drift", ...args],
      { cwd },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

function rows(seed: number, shift: number): string {
  const { uniform, normal } = openDraws(seed);
  const lines = Array.from({ length: 800 }, (_, i) => {
    const age = uniform() < 0.05 ? "" : (40 + 10 * normal()).toFixed(2);
    return `${seed * 1_000 + i},${age},${(normal() + shift).toFixed(4)},${uniform() < 0.3 ? "web" : "shop"}`;
  });
  return `id,age,score,channel\n${lines.join("\n")}\n`;
}

const config = `version: 1
models:
  churn:
    inputs: { data: [before.csv] }
    train: { run: "true", model: model.onnx }
    predict: { run: "true" }
    evaluate: { holdout: holdout.csv, task: binary, id: id, label: channel, score: p }
    monitor:
      current: { run: "true", output: moved.csv }
      drift: { columns: { score: { threshold: 0.9 } } }
`;

it("trainyard data drift answers by text, JSON and exit code, from files and from a stored profile", async () => {
  await withTemporaryFolder("drift", async (folder) => {
    for (const [name, text] of [
      ["before.csv", rows(1, 0)],
      ["same.csv", rows(2, 0)],
      ["moved.csv", rows(3, 0.5)],
    ] as const)
      writeFileSync(join(folder, name), text);
    const profile = await profileFiles([{ path: join(folder, "before.csv"), shown: "before.csv" }]);
    writeFileSync(join(folder, "before.json"), JSON.stringify(encodeProfile(profile, { files: [] })));
    mkdirSync(join(folder, ".github"));
    writeFileSync(join(folder, configPath), config);
    const [quiet, moved, stored, lost, byConfig] = await Promise.all([
      drift(folder, "--reference", "before.csv", "--current", "same.csv", "--multivariate"),
      drift(folder, "--reference", "before.csv", "--current", "moved.csv", "--without", "id,channel"),
      drift(folder, "--reference", "before.json", "--current", "moved.csv", "--json"),
      drift(folder, "--reference", "before.csv", "--current", "same.csv", "--target", "scor"),
      drift(folder, "--reference", "before.json", "--current", "moved.csv", "--model", "churn", "--markdown"),
    ]);
    expect(quiet).toMatchObject({ code: 0, err: "" });
    expect(quiet.out).toMatch(
      /^No drift in 3 columns\n[^]*cannot tell the two sides apart[^]*\n {2}id {2}800 different/,
    );
    expect(moved.code).toBe(1);
    expect(moved.out).toMatch(/Drift: 1 of 2 columns drifted[^]*score +(?:KS|Wasserstein) distance/);
    const report = driftReportSchema.parse(JSON.parse(stored.out));
    expect(stored.code).toBe(1);
    expect(report.columns[0]).toMatchObject({ column: "score", drifted: true });
    expect(moved.out).toContain(report.columns[0]?.says ?? "nothing");
    expect(lost).toMatchObject({ code: 2, out: "" });
    expect(lost.err).toContain('Cannot find the column "scor" of --target in the reference');
    expect(byConfig).toMatchObject({ code: 1, err: "" });
    expect(byConfig.out).toMatch(
      /^### 🟡 1 of 3 columns drifted\n[^]*\| `channel` [^]*\| `score` .*\(alarm at 0\.900\)/,
    );
  });
});
