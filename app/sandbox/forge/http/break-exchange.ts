import type { IncomingMessage, ServerResponse } from "node:http";
import { brokenAnswer, ConnectionLost, loseConnection } from "#sandbox/forge/faults/broken-answer.ts";
import type { Asked, FaultPlan } from "#sandbox/forge/faults/fault-plan.ts";
import { sendAnswer } from "./send-answer.ts";

/** Lets a fault strike before a request outside of the API is looked at. True: it is answered. */
export async function breakExchange(
  faults: FaultPlan,
  asked: Asked,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const fault = faults.ofRequest(asked, "before");
  if (fault === undefined) return false;
  request.resume();
  try {
    sendAnswer(request, response, brokenAnswer(fault));
  } catch (cause) {
    if (!(cause instanceof ConnectionLost)) throw cause;
    await loseConnection(response, cause);
  }
  return true;
}
