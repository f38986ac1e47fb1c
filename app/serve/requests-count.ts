/** Counts answers for Prometheus, by model, version and status code: never by what a client sent. */
export class RequestsCount {
  readonly #answers = new Map<string, { count: number; seconds: number }>();

  add(answer: { model: string; version: string; code: number; seconds: number }): void {
    const labels = `model=${quote(answer.model)},version=${quote(answer.version)},code="${answer.code}"`;
    const counted = this.#answers.get(labels) ?? { count: 0, seconds: 0 };
    this.#answers.set(labels, { count: counted.count + 1, seconds: counted.seconds + answer.seconds });
  }

  /** Prometheus' text format. */
  text(): string {
    const lines = [
      "# HELP trainyard_inference_seconds Inference requests and the time to answer them.",
      "# TYPE trainyard_inference_seconds summary",
    ];
    for (const [labels, { count, seconds }] of this.#answers) {
      lines.push(
        `trainyard_inference_seconds_count{${labels}} ${count}`,
        `trainyard_inference_seconds_sum{${labels}} ${seconds}`,
      );
    }
    return `${lines.join("\n")}\n`;
  }
}

function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
