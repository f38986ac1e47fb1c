import type { Template } from "./template.ts";
import { entries, flag, get, items, text, texts } from "./template-access.ts";
import type { CallInterface, InputDefinition, TriggerFilter, Triggers } from "./workflow.ts";

const own = new Set(["schedule", "workflow_dispatch", "workflow_call"]);

/** Reads `on:` in its three forms: one event, a list, a map. */
export function readTriggers(on: Template | undefined): Triggers {
  const named =
    on?.kind === "map"
      ? new Map(on.entries.map((entry) => [entry.key, entry.value]))
      : new Map(texts(on).map((name) => [name, undefined]));
  const dispatch = named.get("workflow_dispatch");
  return {
    events: new Map([...named].filter(([name]) => !own.has(name)).map(([name, filter]) => [name, readFilter(filter)])),
    schedule: items(named.get("schedule")).map((item) => ({
      cron: text(get(item, "cron")) ?? "",
      timezone: text(get(item, "timezone")) ?? "UTC",
    })),
    dispatch: named.has("workflow_dispatch") ? readInputs(get(dispatch, "inputs")) : undefined,
    call: named.has("workflow_call") ? readCall(named.get("workflow_call")) : undefined,
  };
}

function readFilter(filter: Template | undefined): TriggerFilter {
  const list = (key: string): string[] | undefined => {
    const value = get(filter, key);
    return value === undefined ? undefined : texts(value);
  };
  const written = {
    types: list("types"),
    branches: list("branches"),
    branchesIgnore: list("branches-ignore"),
    tags: list("tags"),
    tagsIgnore: list("tags-ignore"),
    paths: list("paths"),
    pathsIgnore: list("paths-ignore"),
    workflows: list("workflows"),
  };
  return Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined));
}

const inputTypes = ["string", "boolean", "number", "choice", "environment"] as const;

/** Reads the `inputs:` of a dispatch or of a call. */
export function readInputs(inputs: Template | undefined): Map<string, InputDefinition> {
  return new Map(
    entries(inputs).map(({ key, value }) => {
      const type = text(get(value, "type"));
      return [
        key,
        {
          type: inputTypes.find((known) => known === type) ?? "string",
          required: flag(get(value, "required")),
          default: get(value, "default"),
          options: texts(get(value, "options")),
        },
      ];
    }),
  );
}

function readCall(call: Template | undefined): CallInterface {
  return {
    inputs: readInputs(get(call, "inputs")),
    secrets: new Map(entries(get(call, "secrets")).map(({ key, value }) => [key, flag(get(value, "required"))])),
    outputs: new Map(
      entries(get(call, "outputs")).flatMap(({ key, value }) => {
        const output = get(value, "value");
        return output === undefined ? [] : [[key, output]];
      }),
    ),
  };
}
