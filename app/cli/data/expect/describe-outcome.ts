import type { Expectation } from "#core/config/config.ts";
import type { ExpectationOutcome } from "#core/evidence.ts";

/** What was expected and what came of it, for programs. What is not there is null, or an empty list. */
export function describeOutcome(expected: Expectation, outcome: ExpectationOutcome): unknown {
  const { kind: check, level: _, where = null, mostly = null, ...rest } = expected;
  const { column = null, columns = [], ...limits } = { column: undefined, columns: undefined, ...rest };
  const { expectation, kind, level, failing, of, share = null, measured = null, ...found } = outcome;
  return {
    expectation,
    check,
    column,
    columns,
    limits,
    where,
    mostly,
    level,
    kind,
    failing,
    of,
    share,
    measured,
    ...found,
    values: found.values ?? [],
    rows: found.rows ?? [],
  };
}
