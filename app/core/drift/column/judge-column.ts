import type { DriftColumn, DriftLevel, DriftTestName } from "#core/drift/drift-record.ts";
import type { ColumnFinding, DriftTest } from "./column-finding.ts";

export type JudgedTest = DriftTest & { adjustedP: number; level: DriftLevel };

const ranks: Readonly<Record<DriftLevel, number>> = { unknown: 0, quiet: 1, info: 2, warn: 3, fail: 4 };

/** What people call the effects. */
export const effectNames: Readonly<Record<DriftTestName, string>> = {
  "cramers-v": "Cramér's V",
  ks: "KS distance",
  wasserstein: "Wasserstein distance / spread",
  missing: "change in the share without a value",
  "new-levels": "share of rows with new values",
  "missing-levels": "share of rows whose values are gone",
  "chi-squared": "share of rows that moved",
  "jensen-shannon": "Jensen-Shannon distance (base e)",
  "wasserstein-std": "Wasserstein distance / standard deviation",
};

/** An effect speaks only with an adjusted p of at most `most`: loudly from its thresholds up, below them as information. */
export function levelOf(test: DriftTest, adjustedP: number, most: number): DriftLevel {
  if (test.detected !== undefined) return test.detected ? "warn" : "quiet";
  if (Number.isNaN(test.effect) || Number.isNaN(adjustedP)) return "unknown";
  if (adjustedP > most) return "quiet";
  return test.effect >= test.fail ? "fail" : test.effect >= test.warn ? "warn" : "info";
}

/** The column by its loudest test; of equally loud ones by what the values do, and furthest beyond its threshold. */
export function judgeColumn(
  finding: ColumnFinding,
  tests: readonly JudgedTest[],
  context: { critical: boolean; importance: number | undefined },
): DriftColumn {
  const { column, kind, role, moved, unknown } = finding;
  const loudest = tests.toSorted(
    (a, b) => ranks[b.level] - ranks[a.level] || weight(b) - weight(a) || reach(b) - reach(a),
  )[0];
  const isSilent = loudest === undefined || (unknown !== undefined && ranks[loudest.level] <= ranks.quiet);
  const level = isSilent ? "unknown" : loudest.level;
  const drifted = level === "warn" || level === "fail";
  const spoken = tests.filter((test) => ranks[test.level] >= ranks.info).map(({ name }) => name);
  // what the values did says nothing where only others came or went
  const isOfValues = isSilent || weight(loudest) === 1;
  const values = isOfValues || tests.some((test) => weight(test) === 1 && spoken.includes(test.name));
  const others = spoken.map((name) => finding.says[name]?.() ?? "");
  const own = values ? (finding.says.values?.() ?? "") : "";
  const says = (isOfValues ? [own, ...others] : [...others, own])
    .filter((part) => part !== "")
    .join("; ")
    .slice(0, 1_000);
  const { critical, importance } = context;
  return {
    column: column.slice(0, 1_000),
    kind,
    role,
    level,
    drifted,
    effect: isSilent ? null : orNull(loudest.effect),
    threshold: loudest?.warn ?? 0,
    effectName: loudest?.name ?? (kind === "numeric" ? "ks" : "cramers-v"),
    p: isSilent ? null : orNull(loudest.p),
    adjustedP: isSilent ? null : orNull(loudest.adjustedP),
    moved,
    says,
    because: explainColumn(column, isSilent ? undefined : loudest, unknown, says),
    tests: tests.map(({ name, effect, atMost, warn, fail, p, adjustedP, level: itsLevel }) => ({
      name,
      effect: orNull(effect),
      ...(atMost === undefined || !(atMost > effect) ? {} : { atMost }),
      warn,
      fail,
      p: orNull(p),
      adjustedP: orNull(adjustedP),
      level: itsLevel,
    })),
    ...(critical ? { critical: true as const } : {}),
    ...(finding.rows === undefined ? {} : { rows: finding.rows }),
    ...(finding.jensenShannon === undefined ? {} : { jensenShannon: orNull(finding.jensenShannon) }),
    ...(finding.rate === undefined ? {} : { rate: finding.rate }),
    ...(importance === undefined
      ? {}
      : { importance, impact: importance * Math.max(0, isSilent ? 0 : reach(loudest)) }),
  };
}

/** Where two are as loud, what the values do tells more than which of them are there. */
const weight = ({ name }: DriftTest): number => (/levels$|^missing$/.test(name) ? 0 : 1);

/** The effect in thresholds. */
function reach({ effect, warn }: DriftTest): number {
  return Number.isNaN(effect) ? -1 : warn > 0 ? effect / warn : effect;
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

function explainColumn(
  column: string,
  test: JudgedTest | undefined,
  unknown: string | undefined,
  says: string,
): string {
  const name = `"${column.slice(0, 200)}"`;
  if (test === undefined) return `${name}: not enough data${unknown === undefined ? "" : `, ${unknown}`}`;
  const { level, effect, warn, adjustedP } = test;
  const large = effect >= warn;
  if (test.detected !== undefined) {
    const by = Number.isNaN(test.p)
      ? `${sayEffect(effect, warn)}, ${large ? "at least" : "below"} ${warn}`
      : `${effect.toFixed(3)}, p ${sayP(test.p)}`;
    return `${name} ${test.detected ? "drifted" : "did not drift"}: ${effectNames[test.name]} is ${by}`;
  }
  const verb = {
    fail: "drifted far",
    warn: "drifted",
    info: "moved a little, surely",
    quiet: "did not drift",
    unknown: "is unknown",
  }[level];
  const measured = `${effectNames[test.name]} is ${sayEffect(effect, warn)}, ${large ? "at least" : "below"} ${warn}; adjusted p ${sayP(adjustedP)}`;
  const aside = level === "quiet" || says === "" ? "" : ` (${says.slice(0, 300)})`;
  return `${name} ${verb}: ${measured}${aside}`.slice(0, 2_000);
}

/** Three decimals, or as many as keep an effect on its side of the threshold. */
function sayEffect(effect: number, threshold: number): string {
  let decimals = 3;
  while (decimals < 8 && Number(effect.toFixed(decimals)) >= threshold !== effect >= threshold) decimals++;
  return effect.toFixed(decimals);
}

/** "0.004", "1.2e-5", "< 1e-16". */
export function sayP(p: number): string {
  if (Number.isNaN(p)) return "not known";
  if (p < 1e-16) return "< 1e-16";
  return p < 0.001 ? p.toExponential(1) : p.toFixed(3);
}
