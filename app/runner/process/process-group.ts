import { readdirSync, readFileSync } from "node:fs";

const markName = "TRAINYARD_COMMAND";

/**
 * The variable by which processes that left their group are found again. A command that runs inside another one (an
 * action in a step) carries both marks, so that ending the outer one ends the inner one too.
 */
export function markedEnvironment(mark: string): Readonly<Record<string, string>> {
  const outer = process.env[markName];
  return { [markName]: outer === undefined ? mark : `${outer} ${mark}` };
}

/** Sends a signal to every process of a group. False where none is left. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch {
    return false;
  }
}

const leaders = new Set<number>();

/** Ends a group with us, should we exit while it runs. Call what is returned once it has ended by itself. */
export function endWithUs(leader: number): () => void {
  if (leaders.size === 0) process.on("exit", endAll);
  leaders.add(leader);
  return () => {
    leaders.delete(leader);
    if (leaders.size === 0) process.off("exit", endAll);
  };
}

function endAll(): void {
  for (const leader of leaders) signalGroup(leader, "SIGKILL");
}

/** Is any process of the group left? One that has ended but was not collected by its parent counts. */
export function groupLives(leader: number): boolean {
  return signalGroup(leader, 0);
}

/**
 * Ends every process that still carries a command's mark in its environment: daemons that made a session of their own.
 * Linux only (it reads `/proc`); elsewhere, and for those that emptied their environment, nothing is found.
 */
export function endMarked(mark: string): number {
  let ended = 0;
  // A process may fork while the list is read: look again until a look finds none.
  for (let look = 0; look < 20; look++) {
    const found = findMarked(mark);
    if (found.length === 0) break;
    for (const pid of found) {
      try {
        process.kill(pid, "SIGKILL");
        ended += 1;
      } catch {
        // It has ended by itself.
      }
    }
  }
  return ended;
}

function findMarked(mark: string): readonly number[] {
  return processIds().filter((pid) => pid !== process.pid && marksOf(pid).includes(mark));
}

function processIds(): readonly number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** A process of somebody else's, or one that has ended, has none to show. */
function marksOf(pid: number): readonly string[] {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, "latin1").split("\0");
    return (variables.find((variable) => variable.startsWith(`${markName}=`)) ?? "")
      .slice(markName.length + 1)
      .split(" ");
  } catch {
    return [];
  }
}
