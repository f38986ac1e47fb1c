/** The labels of an evaluated `runs-on`: one, a list, or a group with labels. */
export function labelsOf(runsOn: unknown): string[] {
  if (Array.isArray(runsOn)) return runsOn.map(String);
  if (typeof runsOn === "string") return [runsOn];
  if (typeof runsOn !== "object" || runsOn === null) return [];
  const group = "group" in runsOn && typeof runsOn.group === "string" ? [`group:${runsOn.group}`] : [];
  return [...group, ...labelsOf("labels" in runsOn ? runsOn.labels : undefined)];
}
