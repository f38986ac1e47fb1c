import type { Chance } from "../chance.ts";
import type { Town } from "../town/town.ts";
import { someModel } from "./edit.ts";
import { someOpen } from "./pull-steps.ts";
import type { Act, Done } from "./step.ts";

const writers = ["ada", "ada", "ada", "cyd"] as const;

export const accept: Act = (town, chance) => {
  const waiting = town.open.filter(({ head }) =>
    town.world.memory.checks.some(
      (one) =>
        one.head === head.sha &&
        one.check.state.kind === "completed" &&
        one.check.state.conclusion === "action_required",
    ),
  );
  const pull = waiting[chance.upTo(Math.max(1, waiting.length))] ?? someOpen(town, chance);
  if (pull === undefined) return undefined;
  const report = town.world.memory.comments.find(
    ({ issue, body }) => issue === pull.number && body.includes("trainyard:report"),
  );
  const said = /\/accept (\S+) ([0-9a-f]{12})/.exec(report?.body ?? "");
  const name = said?.[1] ?? someModel(town, chance, town.repo.get(pull.head.sha).files).name;
  return say(town, chance, { command: "accept", model: name, issue: pull.number, isPull: true, right: said?.[2] });
};

export const promote: Act = (town, chance) => {
  const issues = town.world.memory.issues.filter(
    ({ title, state }) => state === "open" && title.includes("waits for /promote"),
  );
  const issue = issues[chance.upTo(Math.max(1, issues.length))];
  const said = /\/promote (\S+) ([0-9a-f]{12})/.exec(issue?.body ?? "");
  const model = said?.[1] ?? someModel(town, chance, town.repo.main.files).name;
  const where = issue === undefined ? someOpen(town, chance)?.number : issue.number;
  if (where === undefined) return undefined;
  return say(town, chance, { command: "promote", model, issue: where, isPull: issue === undefined, right: said?.[2] });
};

export const train: Act = (town, chance) => sayOnPull(town, chance, "train");
export const trainAgain: Act = (town, chance) => sayOnPull(town, chance, "train --again");

function sayOnPull(town: Town, chance: Chance, command: string): Done | undefined {
  const pull = someOpen(town, chance);
  return pull === undefined
    ? undefined
    : say(town, chance, { command, model: undefined, issue: pull.number, isPull: true, right: undefined });
}

export const rollback: Act = (town, chance) => sayOnModel(town, chance, "rollback");
export const hold: Act = (town, chance) => sayOnModel(town, chance, "hold");

function sayOnModel(town: Town, chance: Chance, command: string): Done | undefined {
  const where = town.pulls[chance.upTo(Math.max(1, town.pulls.length))];
  const { name } = someModel(town, chance, town.repo.main.files);
  return where === undefined
    ? undefined
    : say(town, chance, { command, model: name, issue: where.number, isPull: true, right: undefined });
}

/** `right`: the digest that fits, where one is told. */
type Saying = { command: string; model: string | undefined; issue: number; isPull: boolean; right: string | undefined };

function say(town: Town, chance: Chance, { command, model, issue, isPull, right }: Saying): Done {
  const by = writers[chance.upTo(writers.length)] ?? "ada";
  const takesDigest = command === "accept" || command === "promote";
  const digest = takesDigest
    ? chance.weigh([
        [4, "none"],
        [right === undefined ? 0 : 4, "right"],
        [1, "wrong"],
      ] as const)
    : "none";
  const tail = digest === "none" ? "" : ` ${digest === "right" ? (right ?? "") : "0".repeat(12)}`;
  const early = command === "accept" && chance.often(10);
  const at = new Date(town.world.now().getTime() - (early ? 20 * 60_000 : 0));
  const body = `/${command}${model === undefined ? "" : ` ${model}`}${tail}${takesDigest ? ` -- word ${town.count()}` : ""}`;
  const comment = { id: town.world.memory.next++, issue, isPull, body, author: by, bot: false, at };
  if (town.settings.writer === "app") town.shells.queue.push({ kind: "comment", comment });
  town.shells.startRun({ kind: "comment", comment }, "well");
  const word = { command, model, by, issue, digest, early } as const;
  return { says: `${by} says "${body}"${early ? " 20 minutes ago" : ""} on #${issue}`, word };
}
