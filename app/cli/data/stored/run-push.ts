import { formatUnits } from "#core/message/format.ts";
import { placeOut } from "#core/pointer/pointer.ts";
import { pushOut } from "#store/transfer/push-out.ts";
import { layDvcFolder } from "#store/workspace/lay-dvc-folder.ts";
import { findPointers, openClone, type CloneOptions } from "./open-clone.ts";
import { print } from "./print.ts";
import { TransferProgress } from "./transfer-progress.ts";

export type PushOptions = CloneOptions & { json?: boolean };

/** Sends to the store what it lacks of the pointers' objects. */
export async function runPush(names: readonly string[], options: PushOptions): Promise<void> {
  const clone = await openClone(options);
  const progress = new TransferProgress("sending");
  try {
    const pointers = await findPointers(clone, names);
    const store = await clone.openStore();
    const pushed: { path: string; sent: number }[] = [];
    for (const { path, outs } of pointers)
      for (const out of outs)
        pushed.push({
          path: placeOut(path, out),
          sent: await pushOut({ cache: clone.cache, store }, out, path, { onBytes: progress.onBytes }),
        });
    progress.clear();
    // Who added before a store was named has no remote yet.
    const configured = pointers.length > 0 && (await layDvcFolder(clone.root, clone.address?.store));
    const sent = pushed.reduce((sum, one) => sum + one.sent, 0);
    print(options.json, { schema: "trainyard/data-push/1", store: store.name, pushed }, [
      sent === 0 ? `${store.name} has everything already` : `${formatUnits(sent, "object")} sent to ${store.name}`,
      ...(configured ? ["Commit .dvc/config too: it names the store as the default remote of DVC now"] : []),
    ]);
  } finally {
    progress.clear();
    clone.close();
  }
}
