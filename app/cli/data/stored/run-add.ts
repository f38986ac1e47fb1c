import { describeError, ExitError } from "#cli/exit-error.ts";
import { formatSize, formatUnits } from "#core/message/format.ts";
import { readDvcPointer } from "#core/pointer/read-dvc-pointer.ts";
import { writeDvcPointer } from "#core/pointer/write-dvc-pointer.ts";
import { addData, type Added } from "#store/workspace/add-data.ts";
import { layDvcFolder } from "#store/workspace/lay-dvc-folder.ts";
import { pushOut } from "#store/transfer/push-out.ts";
import { openClone, pathInClone, type CloneOptions, type DataClone } from "./open-clone.ts";
import { print } from "./print.ts";
import { refuseOdd } from "./refuse-odd.ts";
import { TransferProgress } from "./transfer-progress.ts";

export type AddOptions = CloneOptions & { push: boolean; json?: boolean };

/** Adds files and folders: cache, pointer, .gitignore, and the store where one is named. */
export async function runAdd(names: readonly string[], options: AddOptions): Promise<void> {
  const clone = await openClone(options);
  const progress = new TransferProgress("reading");
  try {
    const paths = names.map((name) => pathInClone(clone, name));
    for (const path of paths) await refuseOdd(clone, path, paths);
    const configured = await layDvcFolder(clone.root, clone.address?.store);
    const added: Added[] = [];
    for (const path of paths) added.push(await addData(clone.root, path, clone.cache, progress.onBytes));
    const sent = options.push && clone.address !== undefined ? await push(clone, added) : undefined;
    progress.clear();
    const lines = added.map(({ path, pointer, found, changed }) => {
      const files = found.nfiles === undefined ? "" : `${formatUnits(found.nfiles, "file")}, `;
      return `${path}: ${files}${formatSize(found.size)}, ${changed ? "wrote" : "unchanged"} ${pointer}`;
    });
    print(
      options.json,
      {
        schema: "trainyard/data-add/1",
        added: added.map(({ path, pointer, changed, found: { md5, sha256, size, nfiles } }) => ({
          path,
          pointer,
          changed,
          md5,
          sha256,
          size,
          ...(nfiles === undefined ? {} : { nfiles }),
        })),
        sent: sent ?? null,
      },
      [...lines, sayStored(clone, sent), `Commit what git shows now: ${sayWritten(configured)}`],
    );
  } finally {
    progress.clear();
    clone.close();
  }
}

const sayWritten = (configured: boolean): string =>
  configured ? "the pointers, .gitignore and .dvc/config" : "the pointers and .gitignore";

function sayStored(clone: DataClone, sent: number | undefined): string {
  if (sent !== undefined)
    return `${formatUnits(sent, "object")} sent to the store that ${clone.address?.from ?? ""} names`;
  return clone.address === undefined
    ? "Kept on this machine only: no store is named. Write data: { store: … } into .github/trainyard.yml, then trainyard data push"
    : "Kept on this machine only; trainyard data push sends it to the store";
}

/** Throws an ExitError (2) that says what is done already: pointers are written before anything is sent. */
async function push(clone: DataClone, added: readonly Added[]): Promise<number> {
  const progress = new TransferProgress("sending");
  try {
    const store = await clone.openStore();
    let sent = 0;
    for (const { pointer, path, found } of added) {
      const name = path.slice(path.lastIndexOf("/") + 1);
      const outs = readDvcPointer(writeDvcPointer([{ ...found, path: name }]), pointer);
      for (const out of outs) sent += await pushOut({ cache: clone.cache, store }, out, pointer, progress);
    }
    return sent;
  } catch (error) {
    const pointers = added.map(({ pointer }) => `"${pointer}"`).join(", ");
    throw new ExitError(
      2,
      `${describeError(error)}; ${pointers} and the cache have it, the store does not: trainyard data push sends it`,
    );
  } finally {
    progress.clear();
  }
}
