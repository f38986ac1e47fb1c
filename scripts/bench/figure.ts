/** One thing that was measured. */
export type Figure = {
  name: string;
  /** median of the rounds */
  milliseconds: number;
  rounds: number;
  /** requests to the API in one round, and how many of them write; undefined where nobody asks */
  requests?: number;
  writes?: number;
  /** of each round, in order */
  each?: readonly { milliseconds: number; requests: number; writes: number }[];
};

/** A figure in terms of what travels from machine to machine. */
export type Rated = Figure & { ratio: number };

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = Number.NaN, high = low] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.floor(sorted.length / 2)],
  ];
  return (low + high) / 2;
}

/** Says what is being measured, where it disturbs nobody who reads the table. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
