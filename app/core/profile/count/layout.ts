/** The most numbers that are counted at once: as many as a piece that the engine hands over. */
export const blockValues = 2_048;

/** Where things lie in the memory that JavaScript and WebAssembly share, in bytes. */
export const layout = {
  /** doubles that are about to be counted */
  block: 0,
  /** what a count comes back with beside its answer */
  stats: 16_384,
  /** hashes to keep */
  found: 16_448,
  /** numbers as the engine has them, up to 8 bytes each */
  raw: 32_768,
  /** a bit for each of these that is a value and no null */
  validity: 49_152,
  /** counts and bins, see `takeRoom` */
  free: 65_536,
} as const;
