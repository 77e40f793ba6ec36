import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEvent } from "../live/events";
import { type Condition, get, post } from "./client";
import type { Alert, AlertDefinition, ChannelUse, Incident, Rrd, SystemStatus } from "./records";

// An idle page asks at most four times a minute; events tell the rest.
const SLOWLY_MS = 60_000;
// Of what is several questions.
const SELDOM_MS = 300_000;
// The server keeps far more; older ones are asked of it by time.
const MOST_ALERTS = 1000;

/** The server's state as it was when the page was opened; events keep up what changes. */
export function useStatus() {
  return useQuery({ queryKey: ["status"], queryFn: ({ signal }) => get<SystemStatus>("/system/status.json", signal) });
}

/** The newest alerts that the server keeps and those that come, oldest first. */
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
  return useQuery({
    queryKey: ["alerts"],
    queryFn: async ({ signal }) => (await get<Alert[]>(`/alerts/kept/alerts.json?limit=${MOST_ALERTS}`, signal)).reverse(),
  });
}

/** Incidents in a state, or all: asked for again when an alert comes. */
export function useIncidents(state: string) {
  const queries = useQueryClient();
  useEvent<Alert>("ALERT", () => void queries.invalidateQueries({ queryKey: ["incidents"] }));
  return useQuery({
    queryKey: ["incidents", state],
    queryFn: ({ signal }) => get<Incident[]>(`/incidents/incidents.json${state === "all" ? "" : `?state=${state}`}`, signal),
  });
}

/** Kinds of alerts. */
export function useAlertDefinitions() {
  return useQuery({ queryKey: ["alert-definitions"], queryFn: ({ signal }) => get<AlertDefinition[]>("/alerts/definitions.json", signal) });
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

/** The server's history of packets. */
export function usePacketHistory() {
  return useQuery({ queryKey: ["packet-rate"], queryFn: ({ signal }) => get<Rrd>("/packetchain/packet_rate.json", signal) });
}

/** How many of something have a number in each of some equal steps. */
export interface Histogram {
  "kismet.histogram.from": number;
  "kismet.histogram.to": number;
  "kismet.histogram.counts": number[];
  "kismet.histogram.total": number;
}

/** Asks how many devices of a view, of those that meet conditions, were first seen in each step of a time. */
export function newDevices(view: string, where: Condition[], from: number, to: number, buckets: number) {
  return {
    queryKey: ["new-devices", view, where, from, buckets],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      post<Histogram>(
        `/devices/views/${encodeURIComponent(view)}/histogram.json`,
        { field: "kismet.device.base.first_time", from, to, buckets, ...(where.length ? { where } : {}) },
        {},
        signal,
      ),
    refetchInterval: SELDOM_MS,
  };
}
