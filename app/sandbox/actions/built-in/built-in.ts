import type { StepCall } from "#sandbox/actions/step/step-call.ts";

/** A well-known action that the sandbox does itself. Answers its outputs; throws a sentence when it fails. */
export type BuiltIn = (
  call: StepCall,
  inputs: Readonly<Record<string, string>>,
) => Promise<{
  outputs?: Record<string, string>;
  /** for the end of the job */
  post?: (call: StepCall) => Promise<void>;
}>;
