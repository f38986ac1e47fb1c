import { existsSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { describeError, ExitError } from "#cli/exit-error.ts";
import { removeFolder } from "./clone.ts";
import type { Journal } from "./journal.ts";
import type { Shop } from "./shop.ts";
import { Teller } from "./teller.ts";

type Options = { json?: string; keep?: boolean; pages?: string };

/** `trainyard demo`: the whole life of a model on real data, on this machine. */
export function addDemo(program: Command): void {
  program
    .command("demo")
    .description(
      "watch the whole life of a model on real data, on this machine: trained, compared, shipped, served, drifting, retrained, reverted",
    )
    .option("--json <file>", "write what happened, step by step, as JSON")
    .option("--keep", "leave the sandbox running at the end")
    .option("--pages <folder>", "where the static pages go (default: a folder among temporary files)")
    .addHelpText("after", "\nExamples:\n  trainyard demo\n  trainyard demo --keep --json what-happened.json")
    .action(async (options: Options) => {
      // Only who plays the demo loads it.
      const { projectFolder } = await import("#cli/sandbox/start-sandbox.ts");
      if (!existsSync(join(projectFolder, "examples", "groceries")))
        throw new ExitError(
          2,
          "The demo plays in a clone of the project, which has the data: git clone https://github.com/trainyard/trainyard && cd trainyard && npm run demo",
        );
      const folder = await mkdtemp(join(tmpdir(), "trainyard-demo-"));
      const [{ Journal }, { play }, { openShop }, { writePages }] = await Promise.all([
        import("./journal.ts"),
        import("./play.ts"),
        import("./shop.ts"),
        import("./write-pages.ts"),
      ]);
      const teller = new Teller();
      const problems: string[] = [];
      let shop: Shop | undefined;
      let played = false;
      const journal = new Journal(() => {
        if (shop === undefined) throw new Error("The shop is not open yet");
        return shop;
      });
      try {
        teller.busy("opening the shop");
        shop = await openShop({
          folder,
          onJob: (run, job) => {
            if (job.status === "in_progress") teller.busy(`${run.event}: ${job.name}`);
            if (job.status === "completed") journal.ended(run, job);
          },
          onProblem: (key, error) => problems.push(`${key}: ${describeError(error)}`),
        });
        await play(shop, journal, teller);
        teller.busy("drawing the pages");
        const pages = resolve(options.pages ?? (await mkdtemp(join(tmpdir(), "trainyard-pages-"))));
        const index = await writePages(shop, journal, pages);
        problems.push(...shop.sandbox.forge.failures);
        if (options.json !== undefined)
          await writeFile(options.json, `${JSON.stringify(summarise(journal, teller, problems), null, 1)}\n`);
        teller.busy("");
        teller.chapter(`Done in ${teller.seconds().toFixed(0)} s`);
        teller.say(`Look at it: ${index}`);
        played = problems.length === 0;
        if (!played) throw new ExitError(2, "The demo ended, but something went wrong on the way");
        if (options.keep === true) await keep(shop, teller);
      } finally {
        teller.busy("");
        await shop?.close();
        if (played) await removeFolder(folder);
        else process.stderr.write(`${problems.join("\n")}\nWhat happened lies in ${folder}\n`);
      }
    });
}

function summarise(journal: Journal, teller: Teller, problems: readonly string[]): unknown {
  return {
    schema: "trainyard/demo/1",
    seconds: Math.round(teller.seconds() * 10) / 10,
    problems,
    steps: journal.steps,
  };
}

/** Stays up until somebody presses Ctrl-C. */
async function keep(shop: Shop, teller: Teller): Promise<void> {
  teller.say(
    `The sandbox stays at ${shop.sandbox.url}: git clone ${shop.sandbox.person("ada").cloneUrl("shop/groceries")}`,
  );
  teller.say(`Its pages, where you can comment and merge: ${shop.sandbox.pages}`);
  teller.say(`The model is served at ${shop.serving.url}/v2/models/groceries. Ctrl-C ends both.`);
  const hold = setInterval(() => undefined, 60_000);
  await new Promise<void>((done) => {
    process.once("SIGINT", () => done());
    process.once("SIGTERM", () => done());
  });
  clearInterval(hold);
}
