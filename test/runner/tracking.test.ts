import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commandEnvironment } from "#runner/command-environment.ts";
import { readMetricsLog } from "#runner/tracking/metrics-log.ts";
import { readParameters } from "#runner/tracking/parameters.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trainyard-tracking-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe("readMetricsLog()", () => {
  it("makes a series of every number, at its step or its line", () => {
    const lines = [
      '{"loss": 0.5}',
      '{"step": 10, "loss": 0.25, "note": "text"}',
      '{"step": 20, "loss": NaN, "größe": -Infinity}',
    ];
    expect(readMetricsLog(write("m", lines.join("\n")))).toEqual({
      series: {
        loss: [
          [0, 0.5],
          [10, 0.25],
          [20, null],
        ],
        größe: [[20, null]],
      },
      notes: [],
    });
  });

  it("counts and says what it cannot read", () => {
    const { series, notes } = readMetricsLog(write("m", 'half {\n[1]\n7\n\n{"loss": 1}\n'));
    expect(series).toEqual({ loss: [[3, 1]] });
    expect(notes).toEqual(["metrics.jsonl: 3 of 4 lines are no JSON objects and were left out"]);
  });

  it.for([999, 1_000, 1_001, 250_000])("thins %i points to at most 1,000, first and last kept", (count) => {
    const file = write("m", Array.from({ length: count }, (_, step) => `{"step":${step},"loss":${step}}`).join("\n"));
    const points = readMetricsLog(file).series["loss"] ?? [];
    expect(points.length).toBeLessThanOrEqual(1_000);
    expect(points.length).toBeGreaterThanOrEqual(499);
    expect([points[0], points.at(-1)]).toEqual([
      [0, 0],
      [count - 1, count - 1],
    ]);
    expect(new Set(points.map(([step]) => step)).size).toBe(points.length);
  });

  it("takes no file, and a link, for no series", () => {
    symlinkSync("/etc/passwd", join(folder, "m"));
    expect([readMetricsLog(join(folder, "m")), readMetricsLog(join(folder, "none"))]).toEqual(
      Array(2).fill({ series: {}, notes: [] }),
    );
  });
});

describe("readParameters()", () => {
  it("flattens YAML and JSON, a folder's under its name", () => {
    write("params.yaml", "tree:\n  max_depth: 6\n  shape: tall\nrate: .nan\nnone: null\nlist: [1, a]\n");
    expect(readParameters(folder, ["params.yaml", "src/train.js"])).toEqual({
      parameters: { "tree.max_depth": 6, "tree.shape": "tall", rate: "NaN", none: null, list: '[1,"a"]' },
      notes: [],
    });
  });

  it.for([
    { what: "brackets without end", text: "[".repeat(5_000), says: /32/ },
    { what: "dashes without end", text: `${"- ".repeat(500)}1`, says: /32/ },
    { what: "an alias", text: "a: &a [1]\nb: *a\n", says: /not recorded: line / },
    { what: "a long file", text: `a: ${"x".repeat(70_000)}`, says: /more than 64 KiB/ },
    { what: "broken YAML", text: "a: [", says: /not recorded: line / },
  ])("says that $what is not recorded", ({ text, says }) => {
    write("params.yaml", text);
    const { parameters, notes } = readParameters(folder, ["params.yaml"]);
    expect(parameters).toEqual({});
    expect(notes).toEqual([expect.stringMatching(says)]);
  });
});

it("commandEnvironment() gives programs, caches and devices, and no token or file of the runner's", () => {
  const host = {
    PATH: "/bin",
    HOME: "/home/me",
    CUDA_VISIBLE_DEVICES: "0",
    LC_ALL: "C",
    GITHUB_TOKEN: "t",
    GITHUB_ENV: "/f",
    ACTIONS_RUNTIME_TOKEN: "t",
    INPUT_TOKEN: "t",
    NODE_OPTIONS: "--x",
    PIP_INDEX_URL: "https://a:b@c",
    UV_PUBLISH_TOKEN: "t",
    SSH_AUTH_SOCK: "/s",
  };
  expect(commandEnvironment(host, { MODEL: "m" })).toEqual({
    PATH: "/bin",
    HOME: "/home/me",
    CUDA_VISIBLE_DEVICES: "0",
    LC_ALL: "C",
    MODEL: "m",
  });
});
