/** A place that was free; whoever has it leaves once. */
export type Slot = { number: number; leave(): void };

/** Room for so many at a time, first come first served; the lowest free number is given out first. */
export type Slots = { enter(): Promise<Slot> };

export function createSlots(count: number): Slots {
  const free = Array.from({ length: count }, (_, index) => index + 1);
  const waiting: ((number: number) => void)[] = [];
  const giveBack = (number: number): void => {
    const next = waiting.shift();
    if (next !== undefined) next(number);
    else free.splice(free.filter((other) => other < number).length, 0, number);
  };
  return {
    async enter() {
      const number = free.shift() ?? (await new Promise<number>((resolve) => waiting.push(resolve)));
      let left = false;
      return {
        number,
        leave() {
          if (!left) giveBack(number);
          left = true;
        },
      };
    },
  };
}
