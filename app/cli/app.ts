import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { describeError, ExitError } from "./exit-error.ts";
import { readNumber } from "./read-number.ts";

/** `trainyard app`: the Probot app in production. */
export function addApp(program: Command): void {
  program
    .command("app")
    .description(
      "run the GitHub App: APP_ID, WEBHOOK_SECRET and PRIVATE_KEY_PATH (or PRIVATE_KEY) are in the environment",
    )
    .option("--port <number>", "where webhooks arrive", "3000")
    .option("--host <address>", "the address to listen on", "0.0.0.0")
    .addHelpText(
      "after",
      "\nExample:\n  APP_ID=12345 WEBHOOK_SECRET=… PRIVATE_KEY_PATH=app.pem trainyard app --port 3000\n\nGITHUB_API_URL names the API of a server of one's own.",
    )
    .action(async (options: { port: string; host: string }) => {
      const port = readNumber("--port", options.port, 0, 65_535);
      const appId = Number(variable("APP_ID"));
      if (!Number.isSafeInteger(appId))
        throw new ExitError(2, `APP_ID must be a number, it is "${process.env["APP_ID"] ?? ""}"`);
      const path = process.env["PRIVATE_KEY_PATH"];
      const privateKey = path === undefined ? variable("PRIVATE_KEY") : await readFile(path, "utf8");
      // Whatever could be made to print the environment finds no key in it.
      delete process.env["PRIVATE_KEY"];
      // Only who starts the app loads it.
      const { startApp } = await import("#app/server.ts");
      const app = await startApp({
        appId,
        privateKey,
        secret: variable("WEBHOOK_SECRET"),
        apiUrl: process.env["GITHUB_API_URL"],
        port,
        host: options.host,
        onProblem: (key, error) =>
          process.stderr.write(`${new Date().toISOString()} ${key}: ${describeError(error)}\n`),
      });
      process.stdout.write(`The app takes webhooks at ${app.url}\n`);
      const stop = (): void => void app.stop().then(() => process.exit(0));
      process.once("SIGTERM", stop);
      process.once("SIGINT", stop);
    });
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new ExitError(2, `Cannot start the app: set ${name}`);
  return value;
}
