import { configPath } from "#core/config/config.ts";
import type { Chance } from "../chance.ts";
import type { Files } from "../town/repository.ts";
import type { ModelSpec, Spec } from "../town/spec.ts";
import { paths, type Town } from "../town/town.ts";

export type Edit = { says: string; files: Files };

/** Numbers of a model, a good way apart from every gate: `spread` makes those within reach undecided. */
const aucs = [0.54, 0.57, 0.63, 0.66, 0.69, 0.72, 0.75, 0.78, 0.81, 0.84] as const;

const files = {
  params: (town: Town, chance: Chance): string => {
    const auc = aucs[chance.upTo(aucs.length)] ?? 0.72;
    const spread = chance.often(25) ? " spread 0.045" : "";
    const remark = chance.often(25) ? `# ${town.count()}\n` : "";
    return `auc ${auc}${spread}\n${remark}`;
  },
  code: (town: Town, chance: Chance): string =>
    `cat params.txt # ${chance.often(50) ? chance.upTo(3) : town.count()}\n`,
  data: (town: Town, chance: Chance): string =>
    `churned\n${"1\n".repeat(1 + chance.upTo(3))}${chance.often(50) ? `${town.count()}\n` : ""}`,
  holdout: (_: Town, chance: Chance): string => `churned\n${"0\n".repeat(1 + chance.upTo(3))}`,
  readme: (town: Town): string => `# The shop, ${town.count()}\n`,
  workflow: (town: Town): string => `on: push # ${town.count()}\n`,
} as const;

/** Changes one file, or the config. */
export function edit(town: Town, chance: Chance, what: keyof typeof files, onto: Files): Edit {
  const text = files[what](town, chance);
  return { says: `${paths[what]} = ${JSON.stringify(text)}`, files: new Map(onto).set(paths[what], text) };
}

export function editSpec(town: Town, onto: Files, says: string, change: (spec: Spec) => Spec): Edit {
  const spec = change(town.repo.spec(onto));
  return { says, files: new Map(onto).set(configPath, town.repo.write(spec)) };
}

export function editModel(town: Town, onto: Files, name: string, says: string, change: Partial<ModelSpec>): Edit {
  return editSpec(town, onto, `${name}: ${says}`, (spec) => ({
    ...spec,
    models: spec.models.map((model) => (model.name === name ? { ...model, ...change } : model)),
  }));
}

/** Some model of a config. */
export function someModel(town: Town, chance: Chance, onto: Files): ModelSpec {
  const { models } = town.repo.spec(onto);
  const model = models[chance.upTo(models.length)];
  if (model === undefined) throw new Error("The config names no model");
  return model;
}

/** What people change on any day. */
export function someEdit(town: Town, chance: Chance, onto: Files): Edit {
  const kind = chance.weigh([
    [50, "params"],
    [12, "code"],
    [8, "data"],
    [6, "holdout"],
    [6, "gates"],
    [4, "score"],
    [4, "combinations"],
    [3, "grow"],
    [7, "readme"],
    [8, "both"],
  ] as const);
  switch (kind) {
    case "gates": {
      const { name } = someModel(town, chance, onto);
      const [atLeast, mayWorsen] = [[0.6, 0.675, 0.735][chance.upTo(3)] ?? 0.6, [0.01, 0.1][chance.upTo(2)] ?? 0.01];
      return editModel(town, onto, name, `gates ${atLeast} ${mayWorsen}`, { atLeast, mayWorsen });
    }
    case "score": {
      const { name, score } = someModel(town, chance, onto);
      return editModel(town, onto, name, "another score column", { score: score === "p" ? "q" : "p" });
    }
    case "combinations": {
      const { name, combinations } = someModel(town, chance, onto);
      const other = combinations === "gate" ? "wait" : "gate";
      return editModel(town, onto, name, `combinations: ${other}`, { combinations: other });
    }
    case "grow": {
      const { name, stages } = someModel(town, chance, onto);
      const stands = town.world.git.refs(`refs/tags/${name}#${stages.at(-1) ?? ""}#`).length > 0;
      if (stages.length >= 3 || !stands) return edit(town, chance, "readme", onto);
      const stage = stages.length === 1 ? "europe" : "asia";
      return editModel(town, onto, name, `a stage more: ${stage}`, { stages: [...stages, stage] });
    }
    case "both": {
      const first = edit(town, chance, "params", onto);
      const second = edit(town, chance, chance.often(50) ? "code" : "holdout", first.files);
      return { says: `${first.says}, ${second.says}`, files: second.files };
    }
    case "params":
    case "code":
    case "data":
    case "holdout":
    case "readme":
      return edit(town, chance, kind, onto);
  }
}
