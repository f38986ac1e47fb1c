/** A step failed after it had said something: its outputs count all the same. Without a message it has said why itself. */
export class StepFailure extends Error {
  readonly outputs: Readonly<Record<string, string>>;
  constructor(message: string, outputs: Readonly<Record<string, string>>) {
    super(message);
    this.name = "StepFailure";
    this.outputs = outputs;
  }
}
