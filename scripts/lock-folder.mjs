import { hostname } from "node:os";
import { dirname } from "node:path";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";

const heartbeatMs = 2_000;
const silentMs = 30_000;
const pollMs = 200;

/**
 * Runs `work` while this process alone holds the lock folder. `onWait` is called once if somebody else holds it first.
 * A lock whose processes are gone, or that has been silent for half a minute, is taken over. `work` may name a child
 * process that must be gone too before anybody takes over.
 */
export async function withLock(folder, work, onWait = () => {}) {
  const mine = { token: randomUUID(), host: hostname(), pids: [process.pid] };
  await acquire(folder, mine, onWait);
  const heartbeat = setInterval(() => touch(folder), heartbeatMs);
  const alsoHold = (pid) => {
    mine.pids.push(pid);
    writeFileSync(`${folder}/owner.json`, JSON.stringify(mine));
  };
  try {
    return await work(alsoHold);
  } finally {
    clearInterval(heartbeat);
    release(folder, mine);
  }
}

async function acquire(folder, mine, onWait) {
  mkdirSync(dirname(folder), { recursive: true });
  // A finished folder is renamed into place, so that a lock is never seen without its owner.
  const draft = `${folder}.${mine.token}`;
  mkdirSync(draft);
  writeFileSync(`${draft}/owner.json`, JSON.stringify(mine));
  for (let waited = false; ; await new Promise((resolve) => setTimeout(resolve, pollMs))) {
    try {
      renameSync(draft, folder);
      return;
    } catch (error) {
      if (!["ENOTEMPTY", "EEXIST", "EPERM", "EACCES"].includes(error.code)) {
        rmSync(draft, { recursive: true, force: true });
        throw error;
      }
      if (!exists(folder)) {
        rmSync(draft, { recursive: true, force: true });
        throw error;
      }
    }
    const owner = readOwner(folder);
    if (owner !== undefined && isStale(folder, owner)) bury(folder, owner.token);
    else if (!waited) {
      waited = true;
      onWait();
    }
  }
}

function release(folder, mine) {
  if (readOwner(folder)?.token === mine.token) bury(folder, mine.token);
  const parent = dirname(folder);
  for (const name of readdirSync(parent)) {
    const path = `${parent}/${name}`;
    if (path.startsWith(`${folder}.buried-`) && ageMs(path) > 3_600_000) rmSync(path, { recursive: true, force: true });
  }
}

/** The grave is named after the owner and stays for an hour: two who judged the same owner cannot both move a lock. */
function bury(folder, token) {
  try {
    renameSync(folder, `${folder}.buried-${token}`);
  } catch {
    // somebody else was faster
  }
}

function isStale(folder, owner) {
  if (ageMs(folder) > silentMs && !(owner.host === hostname() && owner.pids.some(isAlive))) return true;
  return owner.host === hostname() && !owner.pids.some(isAlive);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function readOwner(folder) {
  try {
    const owner = JSON.parse(readFileSync(`${folder}/owner.json`, "utf8"));
    return typeof owner?.token === "string" && Array.isArray(owner.pids) ? owner : undefined;
  } catch {
    // Half-written while its owner names a child: silence decides.
    return exists(folder) && ageMs(folder) > silentMs ? { token: "unreadable", host: "", pids: [] } : undefined;
  }
}

function ageMs(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

function exists(path) {
  try {
    statSync(path);
    return true;
  } catch {
    return false;
  }
}

function touch(path) {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // the lock was taken over: its new owner keeps it
  }
}
