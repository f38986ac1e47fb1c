import type { EvaluateConfig } from "#core/config/config.ts";
import type { SideName } from "#core/evaluation/answers.ts";
import type { ComparisonFrame } from "#core/evaluation/frame.ts";
import type { DataFile } from "#data/data-file.ts";

/** One side's predictions, by the name of the side. */
export type Side = { name: SideName; subject: string; file: DataFile };

/** What is compared, with files: `sides` holds the candidate first; `dropped` the names of files that do not count. */
export type ComparisonJob = {
  frame: ComparisonFrame;
  evaluate: EvaluateConfig;
  holdout: readonly DataFile[];
  ignore: readonly DataFile[];
  dropped: ReadonlySet<string>;
  sides: readonly Side[];
};
