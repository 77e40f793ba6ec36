import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ApiError, get, post } from "../../api/client";
import type { Histogram } from "../../api/queries";
import { rangeOf, type ServerFilter } from "./filter";

/** A packet of the log. What it has not is 0. */
export interface Packet {
  id: string;
  time: number;
  source: string | 0;
  sourceKey: string | 0;
  dest: string | 0;
  destKey: string | 0;
  trans: string | 0;
  transKey: string | 0;
  frequency: number;
  signal: number;
  size: number;
  sensor: string;
  lat: number;
  lon: number;
  tags: string;
  phy: string;
}

const FIELDS = Object.entries({
  id: "id",
  timestamp: "time",
  source_mac: "source",
  source_key: "sourceKey",
  dest_mac: "dest",
  dest_key: "destKey",
  trans_mac: "trans",
  trans_key: "transKey",
  frequency: "frequency",
  signal: "signal",
  full_len: "size",
  datasource: "sensor",
  lat: "lat",
  lon: "lon",
  tags: "tags",
  phyname: "phy",
}).map(([path, name]): [string, string] => [`kismet.packet.${path}`, name]);

const BUCKETS = 160;
const PAGE = 100;

interface PacketLog {
  "kismet.packetlog.open": 0 | 1;
  "kismet.packetlog.packets": number;
  "kismet.packetlog.bytes": number;
}

/** Whether packets are kept at all, and how many. */
export function usePacketLog() {
  return useQuery({
    queryKey: ["packet-log"],
    queryFn: ({ signal }) => get<PacketLog>("/logging/kismetdb/packets/state.json", signal),
  });
}

/** How many packets there were when. */
export function useHistogram(filter: ServerFilter, isKept: boolean) {
  return useQuery({
    enabled: isKept,
    queryKey: ["packet-histogram", filter],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      try {
        return await post<Histogram>(
          "/logging/kismetdb/packets/histogram.json",
          { ...filter, ...rangeOf(filter, Date.now() / 1000), buckets: BUCKETS },
          {},
          signal,
        );
      } catch (e) {
        // The range begins with the first packet unless it is said: an end before that is no fault, there is just nothing.
        if (e instanceof ApiError && e.status === 400 && !filter.timestamp_start && filter.timestamp_end) {
          const end = Number(filter.timestamp_end);
          return { "kismet.histogram.from": end, "kismet.histogram.to": end, "kismet.histogram.counts": [], "kismet.histogram.total": 0 };
        }
        throw e;
      }
    },
  });
}

/** The newest packets, page by page. */
export function usePackets(filter: ServerFilter) {
  return useInfiniteQuery({
    queryKey: ["packet-list", filter],
    placeholderData: keepPreviousData,
    initialPageParam: null as number | null,
    queryFn: ({ signal, pageParam }) =>
      post<Packet[]>(
        "/logging/kismetdb/packets/packets.json",
        { ...filter, fields: FIELDS, limit: PAGE, ...(pageParam === null ? {} : { before: pageParam }) },
        {},
        signal,
      ),
    // A page may be shorter than the limit and not be the last.
    getNextPageParam: (last) => last.at(-1)?.time,
  });
}

/** A log of the server. */
export interface Log {
  "kismet.logfile.uuid": string;
  "kismet.logfile.description": string;
  "kismet.logfile.path": string;
  "kismet.logfile.open": number;
  "kismet.logfile.packets"?: number;
  "kismet.logfile.dropped"?: number;
  "kismet.log.type_driver": { "kismet.logfile.type.class": string; "kismet.logfile.type.name": string };
}

// What a log holds grows without any event; once a minute is enough for a number.
const LOGS_MS = 60_000;

/** The server's logs, open and closed. */
export function useLogs() {
  return useQuery({
    queryKey: ["logs"],
    queryFn: ({ signal }) => get<Log[]>("/logging/active.json", signal),
    refetchInterval: LOGS_MS,
  });
}

/** Names of sensors by UUID. */
export function useSensorNames() {
  return useQuery({
    queryKey: ["sensor-names"],
    queryFn: async ({ signal }) => {
      const all = await post<{ uuid: string; name: string }[]>(
        "/datasource/all_sources.json",
        {
          fields: [
            ["kismet.datasource.uuid", "uuid"],
            ["kismet.datasource.name", "name"],
          ],
        },
        {},
        signal,
      );
      return new Map(all.map(({ uuid, name }) => [uuid.toUpperCase(), name]));
    },
  });
}
