export type CancelLevel = "none" | "cancel" | "force";

/** A wish to end something early, which grows from "cancel" to "force" and is passed on to what runs inside. */
export type Cancellation = {
  readonly level: CancelLevel;
  readonly reason: string;
  request(level: "cancel" | "force", reason: string): void;
  /** Called at once if there is a wish already, and again when it grows. Answers how to stop listening. */
  listen(listener: (level: "cancel" | "force", reason: string) => void): () => void;
  /** `accepts`: whether a plain cancel reaches the child; force always does. */
  child(accepts?: () => boolean): Cancellation;
};

const rank = { none: 0, cancel: 1, force: 2 };

export function createCancellation(): Cancellation {
  let level: CancelLevel = "none";
  let reason = "";
  const listeners = new Set<(level: "cancel" | "force", reason: string) => void>();
  const self: Cancellation = {
    get level() {
      return level;
    },
    get reason() {
      return reason;
    },
    request(asked, why) {
      if (rank[asked] <= rank[level]) return;
      level = asked;
      reason = why;
      for (const listener of listeners) listener(asked, why);
    },
    listen(listener) {
      listeners.add(listener);
      if (level !== "none") listener(level, reason);
      return () => listeners.delete(listener);
    },
    child(accepts = () => true) {
      const child = createCancellation();
      self.listen((asked, why) => {
        if (asked === "force" || accepts()) child.request(asked, why);
      });
      return child;
    },
  };
  return self;
}
