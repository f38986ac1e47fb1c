import { findPathMistake } from "#core/config/declared-path.ts";
import { parseDurationMs } from "#core/config/duration.ts";
import { showValue } from "#core/config/shape/show-value.ts";
import type { ModelRule } from "./rule.ts";

const longestMs = 5 * 86_400_000;

const timeoutsAreSane: ModelRule = ({ train, predict }, report) => {
  for (const [key, timeout] of [
    ["train", train?.timeout],
    ["predict", predict?.timeout],
  ] as const) {
    const ms = timeout === undefined ? undefined : parseDurationMs(timeout);
    if (ms !== undefined && ms > longestMs)
      report([key, "timeout"], `"${timeout}" is longer than a job may take: at most 5d`);
  }
};

const containerIsPinned: ModelRule = ({ setup }, report) => {
  const container = setup?.container;
  if (container !== undefined && !/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,254}@sha256:[0-9a-f]{64}$/.test(container)) {
    report(
      ["setup", "container"],
      `${showValue(container)} can change under its name: write the image by digest, such as "ghcr.io/acme/train@sha256:" and 64 hex digits`,
    );
  }
};

const cachesAreAtHome: ModelRule = ({ setup }, report) => {
  for (const [index, path] of (setup?.cache ?? []).entries()) {
    const inside = path?.startsWith("~/") === true ? path.slice(2) : undefined;
    if (path !== undefined && (inside === undefined || findPathMistake(inside) !== undefined))
      report(
        ["setup", "cache", index],
        `${showValue(path)} cannot be kept: write a folder below the home directory, such as "~/.cache/uv"`,
      );
  }
};

const checkpointsTakeTime: ModelRule = ({ train }, report) => {
  const every = train?.checkpoint?.every;
  const ms = every === undefined ? undefined : parseDurationMs(every);
  if (ms !== undefined && ms > longestMs)
    report(["train", "checkpoint", "every"], `"${every}" is longer than a job may take: at most 5d`);
};

const reserved = new Set(["MODEL", "ROWS", "PREDICTIONS", "CHECKPOINT", "PATH", "HOME", "NODE_OPTIONS"]);

const secretsLeaveOursAlone: ModelRule = ({ train }, report) => {
  for (const [index, secret] of (train?.secrets ?? []).entries()) {
    const name = secret?.toUpperCase() ?? "";
    if (reserved.has(name) || /^(?:GITHUB|RUNNER|ACTIONS)_/.test(name)) {
      report(["train", "secrets", index], `"${secret}" is taken: GitHub or Trainyard sets it, choose another name`);
    }
  }
};

const outcomesCanBeJoined: ModelRule = ({ monitor, evaluate }, report) => {
  if (monitor?.labels !== undefined && monitor.predictions === undefined)
    report(["monitor", "labels"], "labels alone measure nothing: name the files of `predictions` too");
  if (monitor?.predictions === undefined) return;
  if (evaluate?.task !== undefined && evaluate.task !== "binary")
    report(["monitor", "predictions"], `predictions are watched for the task binary only, not for ${evaluate.task}`);
  else if (evaluate !== undefined && evaluate.id === undefined)
    report(["monitor", "predictions"], "predictions and labels are joined by an id: name its column in `evaluate: id`");
};

/** What the settings of a model's jobs must mean. */
export const jobRules: readonly ModelRule[] = [
  containerIsPinned,
  cachesAreAtHome,
  timeoutsAreSane,
  checkpointsTakeTime,
  secretsLeaveOursAlone,
  outcomesCanBeJoined,
];
