/** An image is its digest, wherever it is pulled from. */
export function containerDigest(container: string): string {
  return container.slice(container.indexOf("@") + 1);
}
