import { digest } from "#core/canonical.ts";
import type { Files } from "../town/repository.ts";
import type { ModelSpec } from "../town/spec.ts";
import { paths, type Town } from "../town/town.ts";
import { readTags, type Assigned, type Registered } from "./read-tags.ts";

/** What somebody said, as far as the laws care. */
export type Word = {
  command: string;
  model: string | undefined;
  by: string;
  issue: number;
  digest: "none" | "right" | "wrong";
  early: boolean;
};

export type Training = {
  model: string;
  recipe: string;
  artifact: string;
  run: number;
  pull: number | undefined;
  fork: boolean;
  foreign: boolean;
  /** `false`: its run may have ended without a word to anybody */
  heard: boolean;
};

/** The last verdict that was not stale, of one model at one head of a pull request or group. */
export type Review = { kind: string; green: boolean; recipe: string; artifacts: readonly string[]; unsure: boolean };

/** What a model's inputs are, in its own words: the same for the same files. */
export function recipeOf(files: Files): string {
  return JSON.stringify([paths.params, paths.code, paths.data].map((path) => files.get(path)));
}

export function evaluationOf(files: Files, { score }: ModelSpec): string {
  return JSON.stringify([files.get(paths.holdout), score]);
}

export function gatesOf({ atLeast, mayWorsen }: ModelSpec): string {
  return `${atLeast} ${mayWorsen}`;
}

/** What a recipe comes out as: the numbers in its parameters, whatever chance adds. */
export function qualityOf(recipe: string): { auc: number; spread: number } {
  return {
    auc: Number(/auc ([\d.]+)/.exec(recipe)?.[1]),
    spread: Number(/spread ([\d.]+)/.exec(recipe)?.[1] ?? 0.001),
  };
}

/** The model's memory: plain dictionaries of what has happened, and what the tags said after each step. */
export class Ledger {
  readonly trainings: Training[] = [];
  /** "pull head model" and "group head model" */
  readonly reviews = new Map<string, Review>();
  /** evidence that somebody took as it is; `perhaps`: where the laws leave open whether the word counted */
  readonly accepted = new Set<string>();
  readonly perhapsAccepted = new Set<string>();
  /** versions that have stood at what was the last stage then: "model version" */
  readonly heldLast = new Set<string>();
  /** versions that have stood at a stage: "model stage version" */
  readonly held = new Set<string>();
  /** heads about which a run was lost or failed, and none has ended well since */
  readonly shaken = new Set<string>();
  readonly everRenamed = new Set<string>();
  readonly renamed = new Map<string, string>();
  /** when the config first named a stage, in tags seen: "model stage" */
  readonly stageSince = new Map<string, number>();
  readonly recipeOfHash = new Map<string, string>();
  registered: readonly Registered[] = [];
  assigned: readonly Assigned[] = [];

  /** The names that a model has had, its own first. */
  names(name: string): readonly string[] {
    const line: string[] = [];
    for (let at: string | undefined = name; at !== undefined && !line.includes(at); at = this.renamed.get(at))
      line.push(at);
    return line;
  }

  /** The artifact at a stage, "" where nothing stands; under an older name where nothing was said of it under this. */
  standing(name: string, stage: string): string {
    for (const one of this.names(name)) {
      const moves = this.assigned.filter(({ model, stage: at }) => model === one && at === stage);
      const newest = moves.at(-1);
      if (newest !== undefined) return newest.removed ? "" : newest.artifact;
    }
    return "";
  }

  versionOf(name: string, is: (version: Registered) => boolean): Registered | undefined {
    for (const one of this.names(name)) {
      const found = this.registered.findLast((version) => version.model === one && is(version));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  hasHeldLast(name: string, version: string): boolean {
    return this.names(name).some((one) => this.heldLast.has(`${one} ${version}`));
  }

  hasHeld(name: string, stage: string, version: string): boolean {
    return this.names(name).some((one) => this.held.has(`${one} ${stage} ${version}`));
  }

  /** Recipe of an artifact that has been trained. */
  recipeOfArtifact(artifact: string): string | undefined {
    return this.trainings.findLast((training) => training.artifact === artifact)?.recipe;
  }

  /** Runs of a recipe whose bytes can be had, and which count for this pull request or for everybody; newest last. */
  usable(town: Town, recipe: string, pull?: number): readonly Training[] {
    return this.trainings.filter(
      (training) =>
        training.recipe === recipe &&
        !training.foreign &&
        (!training.fork || (pull !== undefined && training.pull === pull)) &&
        this.isThere(town, training) &&
        isRecorded(town, training),
    );
  }

  /** Can the bytes be had: from the run, or from a release (of this model, where one is named)? */
  isThere(town: Town, { run, artifact }: Training, model?: string): boolean {
    const { artifacts, releases } = town.world.storage;
    if (Object.keys(artifacts).some((key) => key.startsWith(`${run}/trainyard-run-`))) return true;
    const names = model === undefined ? undefined : this.names(model);
    return releases.some(
      ({ tag, assets }) =>
        (names === undefined || names.some((name) => tag.startsWith(`${name}@`))) &&
        Object.values(assets).some((text) => digest(text) === artifact),
    );
  }

  /** Reads the tags anew. Answers the moves that are new, oldest first. */
  readTags(town: Town): readonly Assigned[] {
    const { registered, assigned } = readTags(town.world);
    const fresh = assigned.filter(({ tag }) => this.assigned.every((known) => known.tag !== tag));
    this.registered = registered;
    this.assigned = assigned;
    return fresh;
  }
}

/** Has the evidence taken notice of a training? */
export function isRecorded({ world }: Town, { run, recipe, artifact }: Training): boolean {
  const tip = world.git.ref("refs/heads/trainyard");
  if (tip === undefined) return false;
  return (
    recipe !== "" &&
    artifact !== "" &&
    [...world.git.tree(tip).keys()].some((path) => path.startsWith("runs/") && path.includes(`/${run}-`))
  );
}
