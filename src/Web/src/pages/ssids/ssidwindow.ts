import { type Command, type Field, post } from "../../api/client";
import type { RowWindow } from "../../parts/windows";
import type { Order } from "../../parts/windowtable";
import { GROUP_FIELDS, type SsidGroup, sortOf } from "./group";

/** Asks for a window of the SSIDs: they come by pages, whose "asc" means descending, as Kismet's does. */
export async function fetchSsids(
  search: string,
  order: Order,
  command: Command,
  start: number,
  length: number,
  signal: AbortSignal,
): Promise<RowWindow<SsidGroup>> {
  const answer = await post<{ data: SsidGroup[]; last_row: number }>(
    "/phy/phy80211/ssids/views/ssids.json",
    { ...command, fields: GROUP_FIELDS as Field[] },
    {
      page: Math.floor(start / length),
      size: length,
      search: search || undefined,
      sort: sortOf(order.column),
      sort_dir: order.descending ? "asc" : "desc",
    },
    signal,
  );
  return { rows: answer.data, total: answer.last_row };
}
