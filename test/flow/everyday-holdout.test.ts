import { describe, expect, it } from "vitest";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { openStory, type Story } from "./story/open-story.ts";
import { config, params } from "./story/repository-files.ts";
import { makeRows } from "./story/rows.ts";

/** What a training saw is in the very bytes of the model: the trainer writes the paths of all its files into it. */
async function sawFiles(story: Story): Promise<readonly string[]> {
  const standing = await story.standing();
  const run = await new EvidenceReader(story.ports.evidence).run(standing?.run ?? "");
  const release = await story.ports.releases.find(`churn@${standing?.version ?? ""}`);
  const asset = release?.assets.find(({ name }) => name.startsWith("model."));
  const { data } = await story.sandbox.person("ada").octokit.request("GET /repos/{owner}/{repo}/releases/tags/{tag}", {
    owner: "ada",
    repo: "shop",
    tag: release?.tag ?? "",
  });
  const id = data.assets.find(({ name }) => name === asset?.name)?.id ?? 0;
  const response = await fetch(`${story.sandbox.url}/repos/ada/shop/releases/assets/${id}`, {
    headers: { accept: "application/octet-stream", authorization: `Bearer ${story.sandbox.person("ada").token}` },
  });
  const saw = [...(await response.text()).matchAll(/^saw \.\.\/(.*)$/gm)]
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

describe("a holdout file", () => {
  it("that production was trained on counts for neither side, and that is said", async () => {
    await using story = await openStory({ writer: "app", start: "production", models: { churn: { rolling: true } } });
    const evaluate = {
      holdout: { last: 4, of: "churn/weeks/*.csv" },
      task: "binary",
      id: "customer",
      label: "churned",
      score: "p",
      metrics: { auc: {} },
    } as const;
    const files = {
      ".github/trainyard.yml": config("app", { churn: { rolling: true, evaluate } }),
      "churn/params.txt": params(0.8),
    };
    const pull = await story.propose(files, "longer");
    expect(await story.text(pull)).toMatch(/week-3\.csv/);
    expect(await story.ending(pull)).toMatchObject({ check: "success", production: "v1.0.0" });
  });

  it("that the pull request changes is said first", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const pull = await story.propose(
      { "churn/holdout.csv": makeRows(400, 3), "churn/params.txt": params(0.8) },
      "other-holdout",
    );
    expect((await story.text(pull)).split("\n").slice(0, 6).join("\n")).toContain("holdout.csv");
    expect(await story.ending(pull)).toMatchObject({ production: "v1.0.0", trainings: 2 });
  });
});

describe("the holdout's definition alone", () => {
  it("is settings: production is measured under the old and the new one, nothing is trained", async () => {
    await using story = await openStory({ writer: "app", start: "production" });
    const evaluate = {
      holdout: "churn/other.csv",
      task: "binary",
      id: "customer",
      label: "churned",
      score: "p",
      metrics: { auc: {} },
    } as const;
    const files = {
      ".github/trainyard.yml": config("app", { churn: { evaluate } }),
      "churn/other.csv": makeRows(400, 4),
    };
    const pull = await story.propose(files, "new-holdout");
    expect(await story.ending(pull)).toMatchObject({
      verdict: "settings",
      check: "success",
      production: "v1.0.0",
      trainings: 1,
    });
    expect((await story.text(pull)).match(/AUC/g)?.length).toBeGreaterThanOrEqual(2);
  });
});
