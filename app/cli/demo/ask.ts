import * as z from "zod";
import type { Comparison } from "#core/evidence.ts";
import { computeSubject } from "#core/identity/subject.ts";
import { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { parseModelName } from "#core/names.ts";
import { readRegistry } from "#flow/observe/read-registry.ts";
import type { Step } from "./journal.ts";
import { model, name, owner, type Shop } from "./shop.ts";

const here = { owner, repo: name };

/** Opens a pull request as Ada and waits until everybody has said what there is to say. */
export async function openPull(shop: Shop, head: string, title: string, body = ""): Promise<number> {
  const { data } = await shop.octokit.rest.pulls.create({ ...here, head, base: "main", title, body });
  await shop.sandbox.settle();
  return data.number;
}

export async function merge(shop: Shop, pull: number, method: "merge" | "squash" | "rebase" = "merge"): Promise<void> {
  await shop.octokit.rest.pulls.merge({ ...here, pull_number: pull, merge_method: method });
  await shop.sandbox.settle();
}

/** What the check and the comment on a pull request say, and the comparison behind them. */
export async function readPull(
  shop: Shop,
  pull: number,
): Promise<Partial<Step> & { comment: string; says: string; conclusion: string | null }> {
  const { data } = await shop.octokit.rest.pulls.get({ ...here, pull_number: pull });
  const { data: checks } = await shop.octokit.rest.checks.listForRef({
    ...here,
    ref: data.head.sha,
    check_name: "trainyard",
  });
  const { data: comments } = await shop.octokit.rest.issues.listComments({ ...here, issue_number: pull });
  const comment = comments.find(({ user }) => user?.login === "trainyard[bot]")?.body ?? "";
  const evidence = new EvidenceReader(shop.ports.evidence);
  const review = (await evidence.reviewsOfModel(model)).find(
    (entry) => entry.pull === pull && entry.head === data.head.sha,
  );
  const comparison =
    review?.artifact === null || review === undefined
      ? undefined
      : await findComparison(shop, evidence, computeSubject({ artifact: review.artifact, recipe: review.recipe }));
  const check = checks.check_runs[0];
  return {
    pull,
    comment,
    says: check?.output.title ?? "",
    conclusion: check?.conclusion ?? null,
    verdict: review?.verdict ?? null,
    because: review?.because ?? null,
    recipe: review?.recipe ?? null,
    evaluation: comparison?.evaluation ?? null,
    metrics: comparison?.metrics ?? [],
  };
}

/** The comparison of a subject with what is in production now, or with whatever it was compared with last. */
async function findComparison(shop: Shop, evidence: EvidenceReader, subject: string): Promise<Comparison | undefined> {
  const known = await evidence.comparisonsOf(subject);
  const { standing } = await (
    await readRegistry(shop.ports.tags, { name: parseModelName(model) })
  ).standing("production");
  return (
    known.find(({ production }) => standing !== undefined && production === computeSubject(standing)) ?? known.at(-1)
  );
}

/** Issues of the app with this label: the drift issue. */
export async function readIssues(
  shop: Shop,
  label: string,
): Promise<readonly { number: number; title: string; body: string; state: string }[]> {
  const { data } = await shop.octokit.rest.issues.listForRepo({ ...here, labels: label, state: "all" });
  return data.map(({ number, title, body, state }) => ({ number, title, body: body ?? "", state }));
}

/** Asks the server what one household might like: the first three of its 300 scores. */
export async function askServer(
  shop: Shop,
  items: ReadonlyMap<number, string>,
): Promise<{ version: string; liked: readonly string[] }> {
  await shop.serving.look();
  const history = Array.from({ length: 900 }, (_, index) => (index % 37 === 0 ? 1 : 0));
  const response = await fetch(`${shop.serving.url}/v2/models/${model}/infer`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ inputs: [{ name: "history", shape: [1, 900], datatype: "FP32", data: history }] }),
  });
  const answer: unknown = await response.json();
  const { model_version: version, outputs } = parseAnswer(answer);
  const ranked = outputs.map((score, item) => ({ score, item })).toSorted((a, b) => b.score - a.score);
  return { version, liked: ranked.slice(0, 3).map(({ item }) => items.get(item) ?? String(item)) };
}

const answerSchema = z.object({
  model_version: z.string().default(""),
  outputs: z.array(z.object({ data: z.array(z.number()) })).min(1),
});

function parseAnswer(answer: unknown): { model_version: string; outputs: readonly number[] } {
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) throw new Error(`The server does not answer: ${JSON.stringify(answer).slice(0, 200)}`);
  return { model_version: parsed.data.model_version, outputs: parsed.data.outputs[0]?.data ?? [] };
}
