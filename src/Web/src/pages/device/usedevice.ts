import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { post } from "../../api/client";
import { useMonitor } from "../../live/monitor";
import { useNow } from "../../parts/time";
import { DEVICE_FIELDS, type DeviceRecord, there } from "./record";

const TURN_SECONDS = 2;
// What the monitor does not tell, as what was forgotten.
const REFRESH_MS = 60_000;

/** Devices that a key or an address means: one, or none, or for an address one of each phy. */
export function useDevices(id: string) {
  return useQuery({
    queryKey: ["device", id],
    queryFn: ({ signal }) => fetchDevices(id, signal),
    refetchInterval: REFRESH_MS,
  });
}

// Of what is neither a key nor an address, the server need not be asked; an unknown one is left out of its answers.
async function fetchDevices(id: string, signal: AbortSignal): Promise<DeviceRecord[]> {
  const fields = DEVICE_FIELDS;
  if (/^([0-9a-f]{2}[:-]){5,7}[0-9a-f]{2}$/i.test(id)) {
    return post<DeviceRecord[]>(`/devices/by-mac/${id}/devices.json`, { fields }, {}, signal);
  }
  return /^[0-9a-f]{1,16}_[0-9a-f]{1,16}$/i.test(id)
    ? post<DeviceRecord[]>("/devices/multikey/devices.json", { devices: [id], fields }, {}, signal)
    : [];
}

/** A device as it is now: what was fetched, and what a monitor has told since. */
export function useLiveDevice(fetched: DeviceRecord): DeviceRecord {
  const [told, setTold] = useState<DeviceRecord | null>(null);
  useMonitor<DeviceRecord>("/devices/monitor.ws", [fetched["kismet.device.base.key"]], TURN_SECONDS, DEVICE_FIELDS, setTold);
  const isNewer = told && told["kismet.device.base.mod_time"] >= fetched["kismet.device.base.mod_time"];
  return isNewer && told["kismet.device.base.key"] === fetched["kismet.device.base.key"] ? told : fetched;
}

/** Fetches a device anew, as after it was given a name. */
export function useRefresh(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ["device"] });
}

/** The server's clock: a browser whose own is wrong still draws histories where they belong. */
export function useServerNow(device: DeviceRecord): number {
  const now = useNow(2_000);
  const rrd = there(device["kismet.device.base.packets.rrd"]);
  const told = rrd?.["kismet.common.rrd.serial_time"] ?? 0;
  const skew = useRef({ told: 0, value: 0 });
  if (told && skew.current.told !== told) {
    skew.current = { told, value: told - Date.now() / 1000 };
  }
  return now + skew.current.value;
}

/** Says in the window's title which device it is. */
export function useTitle(name: string): void {
  useEffect(() => {
    document.title = `${name} · KismetOrleans`;
  }, [name]);
}
