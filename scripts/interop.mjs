// Shows our files and releases to the tools that other people use: scikit-learn and onnxruntime, DVC, GTO, a server of S3,
// Spark, actionlint, zizmor.
// What is not on this machine is skipped and said; whatever could run has to pass.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { lintByActionlint, lintByZizmor } from "#test/interop/lint-workflows.ts";
import { openPlay } from "#test/interop/open-play.ts";
import {
  compareRegistries,
  compareServers,
  expand,
  improve,
  startWithInit,
  storeData,
} from "#test/interop/play-example.ts";
import { runPipeline } from "#test/interop/run-pipeline.ts";
import { mustRun, Skipped } from "#test/interop/run.ts";
import { pullByDvc, pullByUs } from "#test/interop/share-with-dvc.ts";
import { speakToS3 } from "#test/interop/speak-to-s3.ts";
import { profileBySpark } from "#test/interop/profile-by-spark.ts";
import { setUpActionlint, setUpPython, setUpSpark } from "#test/interop/set-up.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const example = join(root, "examples", "churn-python");
const scratch = mkdtempSync(join(tmpdir(), "trainyard-interop-"));
const counts = { passed: 0, failed: 0, skipped: 0 };
const started = performance.now();

try {
  // all wait for the network
  const tools = { python: setUpPython(), actionlint: setUpActionlint(), spark: setUpSpark() };
  for (const tool of Object.values(tools)) tool.catch(() => {});
  await part("actionlint: every workflow", async () => await lintByActionlint(await tools.actionlint, scratch));
  await part("zizmor: every workflow and action", async () => {
    return await lintByZizmor(join(await tools.python, "zizmor"), scratch);
  });
  await part("Python: the example's data is what its generator writes", async () => await generate(await tools.python));
  await part(
    "DVC: pulls what we added, and leaves it as it is",
    async () => await pullByDvc(await tools.python, scratch),
  );
  await part(
    "DVC: we pull what it added, and the other way round",
    async () => await pullByUs(await tools.python, scratch),
  );
  await part("DVC: dvc repro as the training command", async () => await runPipeline(await tools.python));
  await part("S3: a server that looks at signatures", async () => await speakToS3(await tools.python, scratch));
  await part("Spark: the same profile", async () => await profileBySpark(await tools.spark, scratch));
  await playExample(tools.python);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
tell();

async function part(name, work) {
  const began = performance.now();
  const say = (how, more) => process.stdout.write(`${how} ${name} (${seconds(began)} s)${more ? `: ${more}` : ""}\n`);
  try {
    const said = await work();
    counts.passed += 1;
    say("passed ", said);
    return true;
  } catch (error) {
    const skipped = error instanceof Skipped;
    counts[skipped ? "skipped" : "failed"] += 1;
    say(skipped ? "SKIPPED" : "FAILED ", skipped ? error.message : (error.stack ?? error.message));
    return false;
  }
}

/** One play, told in order: what follows a step that failed would only fail after it. */
async function playExample(python) {
  const steps = [
    ["the Python example: init, a first model, /promote", startWithInit],
    ["the Python example: a better model", improve],
    ["onnxruntime and trainyard serve: the same answers", compareServers],
    ["GTO: the same versions and stages", compareRegistries],
    ["the loop written out by init --expanded", expand],
    ["the data outside of git, in release assets", storeData],
  ];
  let play;
  let because;
  for (const [name, step] of steps) {
    const went = await part(name, async () => {
      if (because !== undefined) throw new Skipped(because);
      play ??= await openPlay(example, await python);
      try {
        return await step(play, await python);
      } catch (error) {
        throw new Error(`${error.message}\nThe jobs so far:\n${play.describeJobs()}`, { cause: error });
      }
    });
    if (!went) because ??= "what comes before it did not run";
  }
  await play?.close();
}

async function generate(bin) {
  const files = ["data/train.csv", "holdout.csv"];
  await mustRun("cp", ["-r", join(example, "data"), scratch]);
  await mustRun(join(bin, "python"), [join(scratch, "data", "generate.py")]);
  for (const file of files) {
    if (!readFileSync(join(scratch, file)).equals(readFileSync(join(example, file))))
      throw new Error(`examples/churn-python/${file} is not what data/generate.py writes`);
  }
  return files.join(", ");
}

function tell() {
  const { passed, failed, skipped } = counts;
  if (passed + failed === 0)
    process.stdout.write(
      `\n!!! NOTHING WAS SHOWN TO ANY TOOL: all ${skipped} parts were skipped, for the reasons above\n`,
    );
  else process.stdout.write(`\ninterop: ${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  process.stdout.write(`in ${seconds(started)} s\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function seconds(since) {
  return ((performance.now() - since) / 1_000).toFixed(1);
}
