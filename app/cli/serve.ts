import type { Command } from "commander";
import { readNumber } from "./read-number.ts";

type Options = {
  repository: string;
  model?: string;
  stage: string;
  port: string;
  host: string;
  poll: string;
  log?: string;
  api?: string;
  token?: string;
};

/** `trainyard serve`: the Open Inference Protocol for whatever stands at a stage, with no restart. */
export function addServe(program: Command): void {
  program
    .command("serve")
    .description(
      "serve the model at a stage, one ONNX file, over the Open Inference Protocol v2, and follow promotions with no restart",
    )
    .requiredOption("--repository <owner/name>", "the repository, or its address")
    .option("--model <name>", "which model; not needed where there is one")
    .option("--stage <name>", "which stage to follow", "production")
    .option("--port <number>", "where to listen (0: any free port)", "8080")
    .option("--host <address>", "the address to listen on", "127.0.0.1")
    .option(
      "--log <file>",
      "append every answer to a file of JSON lines, for the watch: id, at, version, inputs, outputs",
    )
    .option("--poll <seconds>", "how often to look for a promotion", "5")
    .option("--api <url>", "the service's API (default: github.com's, or beside the repository's address)")
    .option("--token <token>", "for private repositories; better in GITHUB_TOKEN")
    .addHelpText(
      "after",
      '\nTry it:\n  curl localhost:8080/v2/models/NAME\n  curl localhost:8080/v2/models/NAME/infer -d \'{"inputs": [{"name": …, "shape": [1, 3], "datatype": "FP32", "data": [1, 2, 3]}]}\'',
    )
    .action(async (options: Options) => {
      const port = readNumber("--port", options.port, 0, 65_535);
      const pollMs = readNumber("--poll", options.poll, 1, 86_400) * 1_000;
      // Only who serves loads what serves.
      const [{ openRemote }, { findServedModel }, { stageSource }, { serveModel }, { AnswersLog }] = await Promise.all([
        import("./remote.ts"),
        import("./find-served-model.ts"),
        import("./serve-source.ts"),
        import("#serve/serve-model.ts"),
        import("#serve/answers-log.ts"),
      ]);
      const { ports } = openRemote(options);
      const model = await findServedModel(ports, options.repository, options.model);
      const server = await serveModel({
        port,
        host: options.host,
        pollMs,
        source: stageSource(ports, model, options.stage),
        ...(options.log === undefined
          ? {}
          : { log: new AnswersLog(options.log, (message) => process.stderr.write(`${message}\n`)) }),
        onEvent: ({ message }) => process.stdout.write(`${message}\n`),
      });
      process.stdout.write(`${server.url}/v2/models/${model} follows "${options.stage}" of ${options.repository}\n`);
      const stop = (): void => void server.close().then(() => process.exit(0));
      process.once("SIGTERM", stop);
      process.once("SIGINT", stop);
    });
}
