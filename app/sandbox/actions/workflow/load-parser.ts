import { registerHooks } from "node:module";
import type * as Workflows from "@actions/workflow-parser";
import type * as Convert from "@actions/workflow-parser/model/convert";
import type * as Actions from "@actions/workflow-parser/actions/index";

export type Parser = {
  parseWorkflow: typeof Workflows.parseWorkflow;
  convertWorkflowTemplate: typeof Convert.convertWorkflowTemplate;
  parseAction: typeof Actions.parseAction;
  trace: Workflows.TraceWriter;
};

let loading: Promise<Parser> | undefined;

/** GitHub's own workflow parser, loaded once when first needed. */
export function loadParser(): Promise<Parser> {
  return (loading ??= load());
}

async function load(): Promise<Parser> {
  // The package imports its JSON schemas without `with { type: "json" }`, which Node refuses. In a bundle the hook
  // never sees a match.
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier.endsWith(".json") && context.parentURL?.includes("/@actions/workflow-parser/")
        ? next(specifier, {
            ...context,
            importAttributes: { ...context.importAttributes, type: "json" },
          })
        : next(specifier, context),
    load: (url, context, next) =>
      url.includes("/@actions/workflow-parser/") && url.endsWith(".min.json")
        ? next(url, { ...context, importAttributes: { type: "json" }, format: "json" })
        : next(url, context),
  });
  try {
    const [workflows, actions] = await Promise.all([
      import("@actions/workflow-parser"),
      import("@actions/workflow-parser/actions/index"),
    ]);
    return {
      parseWorkflow: workflows.parseWorkflow,
      convertWorkflowTemplate: workflows.convertWorkflowTemplate,
      parseAction: actions.parseAction,
      trace: new workflows.NoOperationTraceWriter(),
    };
  } finally {
    hooks.deregister();
  }
}
