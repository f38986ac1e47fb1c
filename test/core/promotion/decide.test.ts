import { subjectOfRun } from "#core/identity/subject.ts";
import { describe, expect, it } from "vitest";
import { judgeModel } from "#core/plan/judge-model.ts";
import { parseModelName, parseVersion } from "#core/names.ts";
import type { ModelFacts } from "#core/plan/model-facts.ts";
import { decide, type MergedReview, type Question, type StageFacts } from "#core/promotion/decide.ts";
import {
  candidate,
  churn,
  facts,
  failure,
  known,
  noFacts,
  production,
  standing,
} from "#test/core/plan/plan-fixture.ts";

const change = candidate();
const { recipe } = change.merged;
const artifact = known().run.artifact.sha256;
const green: MergedReview = { pull: 7, green: true, verdict: "pass", artifact, at: "2026-05-02T00:00:00.000Z" };
const subject = subjectOfRun(known().run);
const word = { model: churn, subject, by: "ada", why: "looked at it" };

function stage(name: string, at?: "asked" | "other", more: Partial<StageFacts> = {}): StageFacts {
  const there =
    at === undefined ? undefined : standing({ stage: name, recipe: at === "asked" ? recipe : "5".repeat(64) });
  return { stage: name, standing: there, startsAt: undefined, settled: true, held: false, ...more };
}

/** What is decided for a better candidate that nobody reviewed, in production something else, but for what is given. */
function decided(
  given: Partial<Omit<Question, "facts">> & { facts?: Partial<ModelFacts>; difference?: number },
): unknown {
  const { facts: more = {}, difference = 0.1, ...rest } = given;
  const known_ = facts(change, difference, more);
  const answer = judgeModel(change, known_, { expecting: false, informational: false });
  const question: Question = {
    change,
    stages: [stage("production", "other", { held: true })],
    reviews: [],
    oldName: undefined,
    combination: false,
    approval: undefined,
    ...rest,
    facts: known_,
    answer: rest.answer ?? answer,
  };
  return decide(question);
}

describe("decide() with one stage", () => {
  it.for<readonly [what: string, given: Parameters<typeof decided>[0], wanted: object]>([
    ["what stands there already is current", { stages: [stage("production", "asked")] }, { kind: "current" }],
    [
      "what was reviewed is promoted",
      { reviews: [green] },
      { kind: "promote", pull: 7, by: undefined, why: "reviewed in #7", stages: ["production"] },
    ],
    ["a red review does not count", { reviews: [{ ...green, green: false, verdict: "fail" }] }, { kind: "wait" }],
    ["a review of other bytes does not count", { reviews: [{ ...green, artifact: "e".repeat(64) }] }, { kind: "wait" }],
    [
      "what was reviewed is promoted though it got worse since",
      { reviews: [green], difference: -0.1 },
      { kind: "promote", pull: 7 },
    ],
    [
      "what nobody reviewed waits",
      {},
      { kind: "wait", verdict: { kind: "pass" }, stage: "production", because: "nobody reviewed exactly this" },
    ],
    ["what is undecided waits", { difference: -0.01 }, { kind: "wait", verdict: { kind: "inconclusive" } }],
    ["what is worse is blocked", { difference: -0.1 }, { kind: "blocked", verdict: { kind: "fail" } }],
    ["what is not trained is work", { facts: { ...noFacts, production: production() } }, { kind: "work" }],
    [
      "what is not compared is work",
      { facts: { comparisons: [] } },
      { kind: "work", because: "it has not been compared with production" },
    ],
    [
      "what could not be compared is blocked",
      { facts: { comparisons: [], failures: [failure] } },
      { kind: "blocked", verdict: { kind: "error" } },
    ],
    [
      "what failed to train is blocked",
      { facts: { candidate: undefined, failures: [failure] } },
      { kind: "blocked", verdict: { kind: "error" } },
    ],
    [
      "nothing moves while a tag cannot be believed",
      { reviews: [green], facts: { productionProblem: "Delete the tag" } },
      { kind: "blocked", verdict: { because: "Delete the tag" } },
    ],
    [
      "a going back is promoted at once",
      { difference: -0.1, facts: { goesBackTo: { version: parseVersion("v1.3.0"), names: "reverts abc" } } },
      { kind: "promote", why: "reverts abc", pull: undefined },
    ],
    [
      "a combination that passes is promoted where the config lets it",
      { combination: true },
      { kind: "promote", pull: undefined, by: undefined },
    ],
    ["a combination that does not is not", { combination: true, difference: -0.01 }, { kind: "wait" }],
    [
      "a registered run keeps its version",
      { reviews: [green], facts: { registered: parseVersion("v1.3.0") } },
      { kind: "promote", registered: "v1.3.0" },
    ],
    [
      "a move that nobody said is finished first",
      { stages: [stage("production", "asked", { settled: false })] },
      { kind: "finish", moves: [{ stage: "production" }] },
    ],
    [
      "a move to something else is no business any more",
      { reviews: [green], stages: [stage("production", "other", { settled: false })] },
      { kind: "promote" },
    ],
  ])("%s", ([, given, wanted]) => {
    expect(decided(given)).toMatchObject(wanted);
  });

  it.for<readonly [what: string, approval: Question["approval"], difference: number, kind: string]>([
    ["lets go on what passes", word, 0.1, "promote"],
    ["lets go on what is undecided", word, -0.01, "promote"],
    ["may leave out the digest", { ...word, subject: undefined }, 0.1, "promote"],
    ["may shorten the digest", { ...word, subject: subject.slice(0, 12) }, 0.1, "promote"],
    ["is about these bytes only", { ...word, subject: "e".repeat(64) }, 0.1, "wait"],
    ["is about this model only", { ...word, model: parseModelName("fraud") }, 0.1, "wait"],
    ["is about this stage only", { ...word, stage: "staging" }, 0.1, "wait"],
    ["lets no fail through", word, -0.1, "blocked"],
  ])("a word %s", ([, approval, difference, kind]) => {
    expect(decided({ approval, difference })).toMatchObject({ kind });
  });

  it("records who said so, and why", () => {
    expect(decided({ approval: word })).toMatchObject({ by: "ada", why: "looked at it" });
    expect(decided({ approval: { ...word, why: "" } })).toMatchObject({ by: "ada", why: "approved by ada" });
  });
});

describe("decide() with two stages", () => {
  const [entering, between] = [
    [stage("staging", "other", { held: true }), stage("production", "other", { held: true })],
    [stage("staging", "asked"), stage("production", "other")],
  ];
  const back = { goesBackTo: { version: parseVersion("v1.3.0"), names: "reverts abc" } };

  it.for<readonly [what: string, given: Parameters<typeof decided>[0], wanted: object]>([
    [
      "a review enters the first only",
      { stages: entering, reviews: [green] },
      { kind: "promote", stages: ["staging"] },
    ],
    [
      "a word enters the first only",
      { stages: entering, approval: word },
      { kind: "promote", stages: ["staging"], by: "ada" },
    ],
    [
      "what stands at the first waits for the second, reviewed as it was",
      { stages: between, reviews: [green] },
      { kind: "wait", stage: "production", stands: { stage: "staging" } },
    ],
    [
      "a word lets it go on, and the review is remembered",
      { stages: between, approval: word },
      { kind: "promote", stages: ["production"], by: "ada", pull: 3 },
    ],
    [
      "a word about the first is used up",
      { stages: between, approval: { ...word, stage: "staging" } },
      { kind: "wait" },
    ],
    ["no word lets it go on once it fails", { stages: between, approval: word, difference: -0.1 }, { kind: "blocked" }],
    [
      "a combination that stands at the first does not go on by itself",
      { stages: between, combination: true },
      { kind: "wait" },
    ],
    [
      "a going back returns to all that it held",
      { stages: entering, facts: back },
      { kind: "promote", stages: ["staging", "production"] },
    ],
    [
      "a going back that died half-way goes on",
      { stages: [stage("staging", "asked"), stage("production", "other", { held: true })], facts: back },
      { kind: "promote", stages: ["production"] },
    ],
    [
      "a going back does not enter what it never held",
      { stages: [stage("staging", "asked"), stage("production", "other")], facts: back },
      { kind: "wait", stage: "production" },
    ],
    [
      "a merged return is one, though the head has moved on",
      { stages: entering, reviews: [{ ...green, verdict: "return" }] },
      { kind: "promote", stages: ["staging", "production"] },
    ],
    [
      "what stands at both is current",
      { stages: [stage("staging", "asked"), stage("production", "asked")] },
      { kind: "current" },
    ],
    [
      "what stands at the last only enters the first again",
      { stages: [stage("staging", "other"), stage("production", "asked")], reviews: [green] },
      { kind: "promote", stages: ["staging"] },
    ],
    [
      "a new stage starts before anything else",
      {
        stages: [
          stage("staging", "other"),
          stage("production", undefined, { startsAt: standing({ stage: "staging" }) }),
        ],
        reviews: [green],
      },
      { kind: "grow", moves: [{ stage: "production", from: { stage: "staging" } }] },
    ],
  ])("%s", ([, given, wanted]) => {
    expect(decided(given)).toMatchObject(wanted);
  });
});
