import type { Validator } from "#sandbox/forge/contract.ts";
import { fill, fillWebhook } from "./fill.ts";
import { refuseRequest } from "./refuse-request.ts";
import { validateRequest } from "./validate-request.ts";
import { validateResponse } from "./validate-response.ts";
import { validateWebhook } from "./validate-webhook.ts";

/**
 * The forge's strictness: requests that leave GitHub's description are refused as GitHub refuses them, answers and
 * payloads of ours that leave it throw a plain error that names every place.
 */
export function createValidator(): Validator {
  const demandNone = (violations: readonly string[]): void => {
    if (violations.length > 0) throw new Error(violations.join("\n"));
  };
  return {
    beforeRoute(operation, request) {
      const refusal = refuseRequest(validateRequest(operation, request));
      if (refusal !== undefined) throw refusal;
    },
    afterRoute(operation, response) {
      demandNone(validateResponse(operation, response));
    },
    webhook(event, action, payload) {
      demandNone(validateWebhook(event, action, payload));
    },
    fill,
    fillWebhook,
  };
}
