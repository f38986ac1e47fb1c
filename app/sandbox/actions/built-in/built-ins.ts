import type { BuiltIn } from "./built-in.ts";
import { checkout } from "./checkout.ts";
import { setUp } from "./set-up.ts";

/** What the sandbox does itself, by owner/repo[/path]; the ref does not matter. */
export const builtIns: Readonly<Record<string, BuiltIn>> = {
  "actions/checkout": checkout,
  "actions/setup-node": setUp("node", "--version"),
  "actions/setup-python": setUp("python3", "--version"),
};
