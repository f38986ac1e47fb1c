import type { Recipe } from "#core/names.ts";
import type { Commit, Ports, PullRequest } from "#core/ports.ts";
import type { Model } from "#core/config/config.ts";
import { findModel } from "#core/plan/find-model.ts";
import { identifyModel } from "#core/plan/identify.ts";
import type { EvidenceReader } from "#flow/evidence/evidence-reader.ts";
import { readSnapshot } from "./read-snapshot.ts";

/** How far back production may lie. */
const mostCommits = 30;

/**
 * Did reviewed pull requests meet here, and nothing else? Goes back from a commit to what production is: every commit
 * that changed the model on the way has to be of a pull request whose last verdict was green for it.
 */
export async function findCombination(
  ports: Pick<Ports, "repository" | "pulls">,
  question: { evidence: EvidenceReader; model: Model; head: Commit; production: string | undefined },
): Promise<boolean> {
  const { evidence, model, production } = question;
  const reviews = (await evidence.reviewsOfModel(model.name)).filter(
    ({ green, artifact }) => green && artifact !== null,
  );
  const isGreen = (pull: PullRequest): boolean =>
    pull.merged && reviews.some((review) => review.pull === pull.number && review.head === pull.head.sha);
  let met = 0;
  let at: Commit | undefined = question.head;
  let recipe = await recipeAt(ports, at, model);
  for (let step = 0; step < mostCommits && at !== undefined && recipe !== undefined; step++) {
    if (recipe === production) return met > 0;
    const parent: Commit | undefined =
      at.parents[0] === undefined ? undefined : await ports.repository.commit(at.parents[0]);
    const before = parent === undefined ? undefined : await recipeAt(ports, parent, model);
    if (before !== recipe) {
      if (!(await ports.pulls.ofCommit(at.sha)).some(isGreen)) return false;
      met += 1;
    }
    at = parent;
    recipe = before;
  }
  return false;
}

async function recipeAt(ports: Pick<Ports, "repository">, { sha }: Commit, named: Model): Promise<Recipe | undefined> {
  const read = await readSnapshot(ports.repository, sha, sha);
  const model = read.kind === "snapshot" ? findModel(read.snapshot.config, named) : undefined;
  return read.kind === "snapshot" && model !== undefined ? identifyModel(model, read.snapshot.tree).recipe : undefined;
}
