import { promoteDefault } from "#flow/promote/promote-default.ts";
import { reconcileDefault } from "#flow/promote/reconcile-default.ts";
import { sweepPulls } from "#flow/pull/sweep-pulls.ts";
import type { Town } from "../town/town.ts";

/** Does every flow once more, as events do not tell everything that changes. */
export async function doAll(town: Town): Promise<string> {
  const ports = town.shells.ports();
  const { promoted } = await promoteDefault(ports, town.world.freight(), undefined);
  await reconcileDefault(ports, { finishedRun: undefined });
  const problems = await sweepPulls(ports);
  if (problems.length > 0) throw new Error(`A sweep fails: ${problems.map(({ problem }) => problem).join("; ")}`);
  return promoted.map(({ model, version }) => `${model}@${version}`).join();
}

/** Does every flow once more, and answers what changed: at rest nothing does (law 6). */
export async function checkRest(town: Town): Promise<string | undefined> {
  const before = look(town);
  const promoted = await doAll(town);
  const after = look(town);
  const changed = Object.keys(after).filter((key) => after[key] !== before[key]);
  if (changed.length === 0) return undefined;
  const what = changed.map((key) => `${key}: ${shorten(before[key])} -> ${shorten(after[key])}`).join("; ");
  return `once more, and this changes (${promoted}): ${what}`;
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
  for (const { id, tag, draft, assets } of storage.releases) seen[`release ${id}`] = `${tag} ${draft} ${Object.keys(assets).join()}`;
  for (const [index, entry] of memory.dispatches.entries()) seen[`dispatch ${index}`] = JSON.stringify(entry);
  for (const [index, entry] of memory.deployments.entries()) seen[`deployment ${index}`] = JSON.stringify(entry);
  return seen;
}
