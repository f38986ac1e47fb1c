import { expect, it } from "vitest";
import { Nights, type Found } from "./nights.ts";

const quiet = (night: number): Found => ({ columns: { age: 0.02 + (night % 3) * 0.01, income: 0.03 } });

/** Three sequences of nights: what each watch finds, and what happens by day before the next. */
const sequences: Readonly<Record<string, readonly (Found & { day?: (nights: Nights) => void })[]>> = {
  steady: [0, 1, 2, 3, 4, 5].map(quiet),
  "one-spike": [quiet(0), quiet(1), { columns: { age: 0.31, income: 0.04 } }, quiet(3), quiet(4), quiet(5)],
  "slow-slide": [
    ...[0.03, 0.05, 0.07, 0.09, 0.11].map((age) => ({ columns: { age, income: 0.03 } })),
    { columns: { age: 0.13, income: 0.04 }, brings: { "train.csv": "churned\n0\n" } },
    { columns: { age: 0.15, income: 0.12 }, brings: { "train.csv": "churned\n0\n1\n" } },
    { verdict: "error" },
    {
      columns: { age: 0.16, income: 0.13 },
      brings: { "train.csv": "churned\n0\n1\n1\n" },
      day: (nights) => nights.merge(),
    },
    { columns: { age: 0.02, income: 0.03 }, version: "v1.1.0" },
    { columns: { age: 0.03, income: 0.03 }, version: "v1.1.0" },
  ],
};

async function tell(name: string, writer: "app" | "actions"): Promise<{ text: string; nights: Nights }> {
  const nights = await Nights.open("", writer);
  const told: string[] = [];
  for (const [nth, { day, ...found }] of (sequences[name] ?? []).entries()) {
    await nights.night(found);
    const what = found.verdict ?? Object.entries(found.columns ?? {}).map(([column, effect]) => `${column} ${effect}`);
    told.push(
      `# Night ${nth + 1}, ${nights.world.now().toISOString().slice(0, 10)}: ${String(what)}\n\n${nights.show()}`,
    );
    day?.(nights);
  }
  return { text: `${told.join("\n\n")}\n`, nights };
}

it.for(Object.keys(sequences))("the issue after each night of %s", async (name) => {
  const { text } = await tell(name, "app");
  await expect(text).toMatchFileSnapshot(`issues/${name}.txt`);
  expect((await tell(name, "actions")).text).toBe(text);
});

it("where a workflow's token writes, each new head of the branch is trained by a dispatch, once", async () => {
  const { nights } = await tell("slow-slide", "actions");
  const { dispatches, checks } = nights.world.memory;
  expect(dispatches.map(({ command }) => command)).toEqual(["train", "train", "train"]);
  expect(new Set(dispatches.map(({ head }) => head)).size).toBe(3);
  expect(checks.filter(({ check }) => check.title === "Training")).toHaveLength(3);
});
