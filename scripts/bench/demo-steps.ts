import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { say, type Figure } from "./figure.ts";

const demoSchema = z.object({
  steps: z.array(z.object({ step: z.string(), seconds: z.number(), requests: z.number(), writes: z.number() })),
});

/** The steps of the demo, of the file that `npm run demo -- --json FILE` wrote, or played now. */
export async function benchDemo(file: string | undefined): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "trainyard-bench-demo-"));
  try {
    const { steps } = demoSchema.parse(JSON.parse(await readFile(file ?? (await playDemo(folder)), "utf8")));
    return steps.map(({ step, seconds, requests, writes }) => ({
      name: `demo: ${step}`,
      milliseconds: seconds * 1_000,
      rounds: 1,
      requests,
      writes,
    }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function playDemo(folder: string): Promise<string> {
  say("playing the demo");
  const json = join(folder, "demo.json");
  const main = join(import.meta.dirname, "..", "..", "app", "cli", "main.ts");
  const args = [
    "--disable-warning=ExperimentalWarning",
    main,
    "demo",
    "--json",
    json,
    "--pages",
    join(folder, "pages"),
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-4_000)));
  const code = await new Promise<number | null>((resolve) => child.on("exit", resolve));
  if (code !== 0) throw new Error(`The demo ended with ${code ?? "a signal"}: ${said}`);
  return json;
}
