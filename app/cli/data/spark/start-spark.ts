import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod";
import type { Ask } from "#core/profile/sql/answer.ts";
import { DataError } from "#data/data-error.ts";
import { sparkScript } from "./spark-script.ts";

export type SparkOptions = {
  /** the program spark-submit */
  submit: string;
  /** settings as `key=value` */
  settings?: readonly string[];
};

/** A running Spark, for `questionsAtOnce` questions at a time. A question that fails throws a DataError with Spark's reason in one line. */
export type Spark = { version: string; ask: Ask; close(): Promise<void> };

const helloSchema = z.object({ version: z.string() });
const answerSchema = z.union([
  z.object({ id: z.number(), rows: z.array(z.array(z.unknown())) }),
  z.object({ id: z.number(), error: z.string() }),
]);
type Answer = z.infer<typeof answerSchema>;

/** What is kept of what Spark says, to tell why it ended. */
const keptText = 20_000;

/** Starts the team's own Spark. Throws a DataError where it ends before it can be asked. */
export async function startSpark({ submit, settings = [] }: SparkOptions): Promise<Spark> {
  // only this user can reach a socket in here
  const folder = await mkdtemp(join(tmpdir(), "trainyard-spark-"));
  // named as no module of Python is: what lies beside a script is imported first
  const [script, path] = [join(folder, "trainyard_profile.py"), join(folder, "socket")];
  await writeFile(script, sparkScript);
  const server = createServer();
  server.listen(path);
  await once(server, "listening");
  const options = ["spark.ui.showConsoleProgress=false", ...settings].flatMap((setting) => ["--conf", setting]);
  const child = spawn(submit, [...options, script, path], {
    stdio: ["ignore", "pipe", "pipe"],
    // the one that pip installs looks for its Spark with the python3 on PATH, which is the one beside it
    env: { ...process.env, PATH: `${dirname(submit)}${delimiter}${process.env["PATH"] ?? ""}` },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-keptText)));
  const ended = new Promise<DataError>((resolve) => {
    child.once("error", (error) => resolve(sayEnd(submit, error.message)));
    child.once("close", () => resolve(sayEnd(submit, said)));
  });
  const clean = async (): Promise<void> => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  };
  const orEnd = async <T>(work: Promise<T>): Promise<T> =>
    await Promise.race([
      work,
      ended.then((error) => {
        throw error;
      }),
    ]);
  try {
    const connected: Promise<Socket> = new Promise((resolve) => server.once("connection", resolve));
    const socket = await orEnd(connected);
    socket.on("error", () => {});
    const lines = createInterface({ input: socket });
    const hello = await orEnd(new Promise<string>((resolve) => lines.once("line", resolve)));
    const { version } = helloSchema.parse(JSON.parse(hello));
    const waiting = new Map<number, (answer: Answer) => void>();
    lines.on("line", (line) => {
      const answer = answerSchema.parse(JSON.parse(line));
      waiting.get(answer.id)?.(answer);
      waiting.delete(answer.id);
    });
    let asked = 0;
    return {
      version,
      async ask(sql) {
        const id = asked++;
        const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
        socket.write(`${JSON.stringify({ id, sql })}\n`);
        const answer = await orEnd(answered);
        if ("rows" in answer) return answer.rows;
        throw new DataError("bad-sql", sayReason(answer.error));
      },
      async close() {
        socket.end();
        await ended;
        await clean();
      },
    };
  } catch (error) {
    child.kill();
    await clean();
    throw error;
  }
}

function sayEnd(submit: string, said: string): DataError {
  const lines = said.trim().split("\n");
  const telling = lines.findLast((line) => /error|exception|not found|no such|ENOENT|EACCES/i.test(line));
  const reason = (telling ?? lines.at(-1) ?? "").trim().slice(0, 500);
  return new DataError(
    "unreadable",
    `Cannot profile with Spark: "${submit}" ended${reason === "" ? " and said nothing" : `: ${reason}`}`,
  );
}

/** The line of an error of Spark that says what is wrong. */
function sayReason(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  const line = lines.find((one) => one !== "" && !one.startsWith("An error occurred while calling")) ?? "";
  return line.replace(/^: /, "").slice(0, 500);
}
