import type { Answer, Context, JsonObject } from "./contract.ts";

/** Reads `page` and `per_page` as GitHub does: 30 by default, at most 100 (more is cut), nonsense is the default. */
export function readPage(ctx: Pick<Context<unknown>, "query">): { page: number; perPage: number } {
  const page = Math.max(1, Number.parseInt(ctx.query["page"] ?? "1", 10) || 1);
  const asked = Number.parseInt(ctx.query["per_page"] ?? "30", 10) || 30;
  return { page, perPage: Math.min(100, Math.max(1, asked)) };
}

/** The `Link` header of a page; undefined where everything fits on one. */
export function linkHeader(ctx: Pick<Context<unknown>, "query" | "url">, total: number): string | undefined {
  const { page, perPage } = readPage(ctx);
  const last = Math.max(1, Math.ceil(total / perPage));
  if (last === 1 && page === 1) return undefined;
  const link = (to: number, rel: string): string => {
    const query = new URLSearchParams({ ...ctx.query, page: String(to) });
    return `<${ctx.url}?${query.toString()}>; rel="${rel}"`;
  };
  const links: string[] = [];
  if (page > 1) links.push(link(Math.min(page - 1, last), "prev"));
  if (page < last) links.push(link(page + 1, "next"), link(last, "last"));
  if (page > 1) links.push(link(1, "first"));
  return links.join(", ");
}

/** One page of the items, each presented only if it is on the page. `wrap` makes `{total_count, [wrap]: […]}`. */
export async function paginate<T>(
  ctx: Pick<Context<unknown>, "query" | "url">,
  items: readonly T[],
  present: (item: T) => unknown = (item) => item,
  wrap?: string,
): Promise<Answer> {
  const { page, perPage } = readPage(ctx);
  const slice = await Promise.all(items.slice((page - 1) * perPage, page * perPage).map(present));
  const link = linkHeader(ctx, items.length);
  const body: unknown[] | JsonObject = wrap === undefined ? slice : { total_count: items.length, [wrap]: slice };
  return { status: 200, body, headers: link === undefined ? {} : { link } };
}
