import { promoteDefault } from "#flow/promote/promote-default.ts";
import { reconcileDefault } from "#flow/promote/reconcile-default.ts";
import { reconcilePull, type PullAnswer } from "#flow/pull/reconcile-pull.ts";
import type { Town } from "../town/town.ts";

/** What every pull request comes to when it is looked at again. */
type Answers = ReadonlyMap<number, PullAnswer>;

/** Looks at everything once more, as events do not tell everything that changes. Moves nothing. */
export async function lookAgain(town: Town): Promise<Answers> {
  const ports = town.shells.ports();
  await reconcileDefault(ports, { finishedRun: undefined });
  const answers = new Map<number, PullAnswer>();
  for (const { number } of town.open) {
    const options = { runStarts: false, finishedRun: undefined, dispatch: true };
    // oxlint-disable-next-line no-await-in-loop -- as a sweep does it
    answers.set(number, await reconcilePull(ports, number, options));
  }
  return answers;
}

/** Does every flow once more, and answers what changed: at rest nothing does (law 6). */
export async function checkRest(town: Town): Promise<{ wrong: string | undefined; answers: Answers }> {
  const before = look(town);
  const { promoted } = await promoteDefault(town.shells.ports(), town.world.freight(), undefined);
  const answers = await lookAgain(town);
  const after = look(town);
  const changed = Object.keys(after).filter((key) => after[key] !== before[key]);
  if (changed.length === 0) return { wrong: undefined, answers };
  const what = changed.map((key) => `${key}: ${shorten(before[key])} -> ${shorten(after[key])}`).join("; ");
  return {
    wrong: `once more, and this changes (${promoted.map(({ model, version }) => `${model}@${version}`).join()}): ${what}`,
    answers,
  };
}

function shorten(text = "nothing"): string {
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

/** All that others see. */
function look({ world: { git, memory, storage } }: Town): Record<string, string> {
  const seen: Record<string, string> = {};
  for (const [name, id] of git.refs("refs/")) seen[name] = id;
  const tip = git.ref("refs/heads/trainyard");
  if (tip !== undefined) for (const [path, { blob }] of git.tree(tip)) seen[path] = blob;
  for (const { id, issue, body } of memory.comments) seen[`comment ${id} on #${issue}`] = body;
  for (const { id, head, check } of memory.checks) seen[`check ${id} of ${head}`] = JSON.stringify(check);
  for (const issue of memory.issues) seen[`issue ${issue.number}`] = JSON.stringify(issue);
  for (const pull of memory.pulls) seen[`pull ${pull.number}`] = `${pull.state} ${pull.title}`;
  for (const { id, tag, draft, assets } of storage.releases)
    seen[`release ${id}`] = `${tag} ${draft} ${Object.keys(assets).join()}`;
  for (const [index, entry] of memory.dispatches.entries()) seen[`dispatch ${index}`] = JSON.stringify(entry);
  for (const [index, entry] of memory.deployments.entries()) seen[`deployment ${index}`] = JSON.stringify(entry);
  return seen;
}
