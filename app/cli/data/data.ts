import type { Command } from "commander";
import { addPerformance } from "./performance.ts";
import { addDiff } from "./diff/diff.ts";
import { addExpect } from "./expect/expect.ts";
import { addValidate } from "./expect/validate.ts";
import { addDrift } from "./drift/add-drift.ts";
import { addProfile } from "./profile/profile.ts";
import { addAdd } from "./add.ts";
import { addManifest } from "./manifest.ts";
import { addPull } from "./pull.ts";
import { addPush } from "./push.ts";
import { addStatusOfData } from "./status.ts";

/** Adds one command below `trainyard data`. */
type AddCommand = (data: Command) => void;

const commands: readonly AddCommand[] = [
  addAdd,
  addPull,
  addPush,
  addStatusOfData,
  addManifest,
  addDiff,
  addDrift,
  addExpect,
  addPerformance,
  addProfile,
  addValidate,
];

/** `trainyard data`: versions, checks, profiles and comparisons of data sets. */
export function addData(program: Command): void {
  const data = program.command("data").description("store, validate, profile and compare data");
  for (const add of commands) add(data);
}
