import { ServiceError, type EvidenceStore } from "#core/ports.ts";

/** Several stores read as one; of a record that more than one has, the first is read. Writes nothing. */
export function joinEvidence(stores: readonly EvidenceStore[]): EvidenceStore {
  return {
    async list() {
      const lists = await Promise.all(stores.map(async (store) => await store.list()));
      return [...new Set(lists.flat())];
    },
    async read(path) {
      for (const store of stores) {
        // oxlint-disable-next-line no-await-in-loop -- the first that has it ends it
        const text = await store.read(path);
        if (text !== undefined) return text;
      }
      return undefined;
    },
    async write() {
      return await Promise.reject(
        new ServiceError("refused", "Cannot write to several stores of evidence at once: write to one"),
      );
    },
  };
}
