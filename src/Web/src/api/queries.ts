import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEvent } from "../live/events";
import { get, post } from "./client";
import type { Alert, AlertDefinition, ChannelUse, Datasource, Rrd, SystemStatus } from "./records";

// An idle page asks at most four times a minute; events tell the rest.
const SLOWLY_MS = 60_000;
// As many as the server keeps by default, and some.
const MOST_ALERTS = 500;

/** The server's state as it was when the page was opened; events keep up what changes. */
export function useStatus() {
  return useQuery({ queryKey: ["status"], queryFn: ({ signal }) => get<SystemStatus>("/system/status.json", signal) });
}

/** Alerts that the server keeps and those that come, oldest first. */
export function useAlerts() {
  const queries = useQueryClient();
  useEvent<Alert>("ALERT", (alert) =>
    queries.setQueryData<Alert[]>(["alerts"], (all) => {
      const known = all?.some(
        (one) =>
          one["kismet.alert.hash"] === alert["kismet.alert.hash"] && one["kismet.alert.timestamp"] === alert["kismet.alert.timestamp"],
      );
      return known ? all : [...(all ?? []), alert].slice(-MOST_ALERTS);
    }),
  );
  return useQuery({ queryKey: ["alerts"], queryFn: ({ signal }) => get<Alert[]>("/alerts/all_alerts.json", signal) });
}

/** Kinds of alerts. */
export function useAlertDefinitions() {
  return useQuery({ queryKey: ["alert-definitions"], queryFn: ({ signal }) => get<AlertDefinition[]>("/alerts/definitions.json", signal) });
}

/** What a list of sensors needs at least. */
export type SensorState = Pick<
  Datasource,
  "kismet.datasource.uuid" | "kismet.datasource.name" | "kismet.datasource.running" | "kismet.datasource.error" | "kismet.datasource.paused"
>;

/** The sensors' states, asked for again when one of them changes. */
export function useSensorStates() {
  const queries = useQueryClient();
  const changed = () => void queries.invalidateQueries({ queryKey: ["sensor-states"] });
  useEvent("NEW_DATASOURCE", changed);
  useEvent("DATASOURCE_OPENED", changed);
  useEvent("DATASOURCE_CLOSED", changed);
  useEvent("DATASOURCE_ERROR", changed);
  useEvent("DATASOURCE_PAUSED", changed);
  useEvent("DATASOURCE_RESUMED", changed);
  return useQuery({
    queryKey: ["sensor-states"],
    queryFn: ({ signal }) =>
      post<SensorState[]>(
        "/datasource/all_sources.json",
        {
          fields: [
            "kismet.datasource.uuid",
            "kismet.datasource.name",
            "kismet.datasource.running",
            "kismet.datasource.error",
            "kismet.datasource.paused",
          ],
        },
        {},
        signal,
      ),
  });
}

/** Use of the frequencies, by frequency in kHz. */
export function useChannels() {
  return useQuery({
    queryKey: ["channels"],
    queryFn: async ({ signal }) =>
      (await get<{ "kismet.channeltracker.frequency_map": Record<string, ChannelUse> }>("/channels/channels.json", signal))[
        "kismet.channeltracker.frequency_map"
      ],
    refetchInterval: SLOWLY_MS,
  });
}

/** The server's histories of packets. */
export function usePacketStats() {
  return useQuery({
    queryKey: ["packet-stats"],
    queryFn: ({ signal }) =>
      post<{ packets: Rrd; dropped: Rrd }>(
        "/packetchain/packet_stats.json",
        {
          fields: [
            ["kismet.packetchain.packets_rrd", "packets"],
            ["kismet.packetchain.dropped_packets_rrd", "dropped"],
          ],
        },
        {},
        signal,
      ),
  });
}

/** Devices by a number, in equal steps. */
export interface Histogram {
  "kismet.histogram.from": number;
  "kismet.histogram.to": number;
  "kismet.histogram.counts": number[];
  "kismet.histogram.total": number;
}

/** How many devices were first seen in each step of a time. */
export function useNewDevices(from: number, to: number, buckets: number) {
  return useQuery({
    queryKey: ["new-devices", from, buckets],
    queryFn: ({ signal }) =>
      post<Histogram>("/devices/views/all/histogram.json", { field: "kismet.device.base.first_time", from, to, buckets }, {}, signal),
    refetchInterval: SLOWLY_MS,
  });
}
