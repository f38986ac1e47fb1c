/**
 * For the environment of a process of ours that is given no other: where it finds what processes before it have
 * compiled. Its start takes a third of the time then.
 */
export function compileCache(): Readonly<Record<string, string>> {
  const folder = process.env["NODE_COMPILE_CACHE"];
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}
