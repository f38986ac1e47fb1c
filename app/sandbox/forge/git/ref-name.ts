/** Is this a full ref name that git would take (`git check-ref-format`)? */
export function isRefName(name: string): boolean {
  if (!name.startsWith("refs/") || name.split("/").length < 3 || name.length > 1000) return false;
  // oxlint-disable-next-line no-control-regex -- control characters are what git refuses
  if (/[\u0000-\u0020\u007F~^:?*[\\]|\.\.|@\{|\/\/|\/$|\.$/.test(name)) return false;
  return name
    .split("/")
    .every((part) => part !== "" && part !== "@" && !part.startsWith(".") && !part.endsWith(".lock"));
}

export const objectId: RegExp = /^[0-9a-f]{40}$/;
