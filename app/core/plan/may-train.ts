import type { Model } from "#core/config/config.ts";

/** May a pushed commit of this pull request start a training by itself? `when:` is the base branch's (law 7). */
export function mayTrain(judge: Model, pull: { draft: boolean; labels: readonly string[] }): boolean {
  switch (judge.train.when) {
    case "push":
      return true;
    case "ready":
      return !pull.draft;
    case "label":
      return pull.labels.includes("train");
    case "command":
      return false;
  }
}

/** What a person has to do before this pull request is trained; undefined where a push is enough. */
export function startsBy(judge: Model, pull: { draft: boolean; labels: readonly string[] }): string | undefined {
  if (mayTrain(judge, pull)) return undefined;
  switch (judge.train.when) {
    case "push":
      return undefined;
    case "ready":
      return "mark the pull request ready for review, or say /train";
    case "label":
      return 'add the label "train", or say /train';
    case "command":
      return "say /train";
  }
}
