import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { type Field, post } from "../../api/client";
import { count } from "../../parts/numbers";
import { useRoom } from "../../parts/room";
import { Shown } from "../../parts/states";
import { printFilter } from "../devices/filters";
import { Graph, type Node } from "./graph";
import type { DeviceRecord } from "./record";

// As many as can be read.
const MOST = 40;
const MOST_NARROW = 20;
const FIELDS: Field[] = [
  ["kismet.device.base.key", "key"],
  ["kismet.device.base.commonname", "name"],
  ["kismet.device.base.type", "type"],
  ["kismet.device.base.packets.total", "packets"],
  ["kismet.device.base.signal/kismet.common.signal.last_signal", "signal"],
];

/** Whom it talks to: an access point's clients, a client's access points. */
export function Associations({ device }: { device: DeviceRecord }) {
  const clients = device["dot11.device.num_associated_clients"];
  const networks = Object.values(device["dot11.device.client_map"] || {}).map((one) => one["dot11.client.bssid_key"]);
  if (device["kismet.device.base.phyname"] !== "IEEE802.11") {
    return null;
  }
  return (
    <section className="panel whole" aria-labelledby="associations">
      <h2 id="associations">Clients and networks</h2>
      {clients > 0 && <Around device={device} title="Clients" keys={null} size={clients} />}
      {networks.length > 0 && <Around device={device} title="Access points that it talked to" keys={networks} size={networks.length} />}
      {clients === 0 && networks.length === 0 && <p className="dim">It was not seen talking to anybody.</p>}
    </section>
  );
}

function Around({ device, title, keys, size }: { device: DeviceRecord; title: string; keys: string[] | null; size: number }) {
  const isNarrow = useRoom() === "narrow";
  const key = device["kismet.device.base.key"];
  const query = useQuery({
    // Another one makes it another list.
    queryKey: ["device", "around", key, keys?.join() ?? size],
    queryFn: ({ signal }) =>
      keys
        ? post<Node[]>("/devices/multikey/devices.json", { devices: keys, fields: FIELDS }, {}, signal)
        : post<Node[]>(`/phy/phy80211/clients-of/${key}/clients.json`, { fields: FIELDS }, {}, signal),
    placeholderData: (before) => before,
  });
  return (
    <Shown query={query}>
      {(all) => {
        const nodes = all.toSorted((a, b) => b.packets - a.packets).slice(0, isNarrow ? MOST_NARROW : MOST);
        const list = `/ui/devices?${new URLSearchParams({ f: printFilter({ field: "bssid", op: "=", value: device["kismet.device.base.macaddr"] }) })}`;
        return (
          <>
            <h3>
              {title} <span className="dim">{count(all.length)}</span>
            </h3>
            {all.length < size && <p className="dim">{count(size - all.length)} of them are known by address alone, or were forgotten.</p>}
            {nodes.length > 0 && (
              <Graph
                hub={{ name: device["kismet.device.base.commonname"], type: device["kismet.device.base.type"] }}
                nodes={nodes}
                label={`${title}: ${nodes.length} of ${all.length}`}
                isNarrow={isNarrow}
              />
            )}
            {all.length > nodes.length && (
              <p>
                {keys ? (
                  `${count(all.length - nodes.length)} more`
                ) : (
                  <Link href={list}>{count(all.length - nodes.length)} more: to the list</Link>
                )}
              </p>
            )}
          </>
        );
      }}
    </Shown>
  );
}
