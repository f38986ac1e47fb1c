import { expect, it } from "vitest";
import { refuseForeign } from "#core/refuse-foreign.ts";

it("refuseForeign() takes our own records and a README, and names whatever is somebody's work", () => {
  expect(() =>
    refuseForeign("trainyard", ["README.md", "runs/a/1-1.json", "moves/churn/1-removed.json"]),
  ).not.toThrow();
  expect(() => refuseForeign("trainyard", ["runs/a/1.json", "src/train.py"])).toThrow(
    'Cannot keep evidence on the branch "trainyard": it holds "src/train.py", which is somebody\'s work. Rename that branch',
  );
});
