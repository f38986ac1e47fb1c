import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { listWeeks } from "./weeks.js";

/** The folder that stands for the shop's warehouse: it holds the weeks that have passed, as files. */
function findWarehouse() {
  const folder = process.env.WAREHOUSE ?? JSON.parse(readFileSync("warehouse.json", "utf8")).folder;
  if (existsSync(folder)) return folder;
  throw new Error(
    `There is no folder "${folder}": write the path of the warehouse into warehouse.json, or into the variable WAREHOUSE`,
  );
}

/** Copies the weeks that `data/weeks` lacks from the warehouse; returns them, oldest first: `{ week, file }`. */
export function fetchNewWeeks() {
  const last = listWeeks("data/weeks").at(-1)?.week ?? 0;
  const fresh = listWeeks(findWarehouse()).filter(({ week }) => week > last);
  for (const { file } of fresh) copyFileSync(file, join("data/weeks", basename(file)));
  console.log(
    fresh.length === 0 ? `nothing newer than week ${last}` : `weeks ${fresh[0].week} to ${fresh.at(-1).week}`,
  );
  return fresh;
}
