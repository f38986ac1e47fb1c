import { spawn } from "node:child_process";

/** Ends process groups when this process dies, however it dies. */
export type Watchdog = {
  watch(group: number): void;
  forget(group: number): void;
  close(): void;
};

// Reads "+ GROUP" and "- GROUP" lines; its input ends when the executor is gone, and then whoever is left is killed,
// also those that left their group but still carry the executor's mark in their environment.
const script = `
trap '' INT TERM HUP
groups=' '
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) case $groups in *" $group "*) groups="\${groups%% $group *} \${groups#* $group }" ;; esac ;;
  esac
done
for group in $groups; do kill -KILL -- "-$group" 2>/dev/null; done
for file in $(grep -lzs "^RUNNER_TRACKING_ID=$MARK" /proc/[0-9]*/environ); do
  process=\${file#/proc/}
  kill -KILL "\${process%/environ}" 2>/dev/null
done
`;

/** Starts one small shell beside the executor. `mark`: how every tracking id of its jobs begins. */
export function startWatchdog(mark: string): Watchdog {
  const child = spawn("/bin/sh", ["-c", script], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: { PATH: "/usr/bin:/bin", MARK: mark },
  });
  child.unref();
  // A pipe keeps the event loop alive unless it is let go of as well.
  const pipe: unknown = child.stdin;
  if (hasUnref(pipe)) pipe.unref();
  child.on("error", () => {});
  child.stdin.on("error", () => {});
  return {
    watch: (group) => void child.stdin.write(`+ ${group}\n`),
    forget: (group) => void child.stdin.write(`- ${group}\n`),
    close: () => void child.stdin.end(),
  };
}

function hasUnref(pipe: unknown): pipe is { unref(): void } {
  return typeof pipe === "object" && pipe !== null && "unref" in pipe;
}
