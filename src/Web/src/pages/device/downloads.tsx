import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get, post } from "../../api/client";
import { Copyable } from "../../parts/form";
import type { DeviceRecord } from "./record";

interface Log {
  "kismet.log.type_driver": { "kismet.logfile.type.class": string };
  "kismet.logfile.open": number;
}

interface Frame {
  "dot11.eapol.message_num": number;
}

/** Its packets: handshakes, live, and of the past. */
export function Downloads({ device }: { device: DeviceRecord }) {
  const key = device["kismet.device.base.key"];
  const mac = device["kismet.device.base.macaddr"].replaceAll(":", "-");
  const logs = useQuery({ queryKey: ["logs"], queryFn: ({ signal }) => get<Log[]>("/logging/active.json", signal), staleTime: 60_000 });
  const isLogged = logs.data?.some(
    (one) => one["kismet.log.type_driver"]["kismet.logfile.type.class"] === "kismet" && one["kismet.logfile.open"],
  );
  return (
    <section className="panel whole" aria-labelledby="packets">
      <h2 id="packets">Packets</h2>
      <div className="grid">
        <div>
          <h3>Live</h3>
          <Wireshark device={device} />
          <p>
            <a href={`/devices/pcap/by-key/${key}/packets.pcapng`} download={`${mac}.pcapng`}>
              Record from now on (pcapng)
            </a>{" "}
            <span className="dim">until the download is stopped</span>
          </p>
        </div>
        <div>
          <h3>Of the past</h3>
          <p>
            <a href={`/logging/kismetdb/pcap/${mac}.pcapng?device_id=${encodeURIComponent(key)}`} download={`${mac}-history.pcapng`}>
              Everything that was logged of it (pcapng)
            </a>
          </p>
          {logs.data && !isLogged && (
            <p className="dim">No packet log is open on this server: there is something only where a cluster keeps a history of packets.</p>
          )}
          {device["kismet.device.base.phyname"] === "IEEE802.11" && <Handshakes device={device} />}
        </div>
      </div>
    </section>
  );
}

function Wireshark({ device }: { device: DeviceRecord }) {
  // Asked without the login that this page has: the command will not have it either.
  const open = useQuery({
    queryKey: ["open"],
    queryFn: async () => {
      const answer = await fetch("/session/who.json", { credentials: "omit", cache: "no-store" });
      return Boolean(((await answer.json()) as Record<string, number>)["kismet.session.may_read"]);
    },
    staleTime: 600_000,
  });
  const login = open.data === false ? ` -H "Authorization: Bearer $KISMET_KEY"` : "";
  const url = `${location.origin}/devices/pcap/by-key/${device["kismet.device.base.key"]}/packets.pcapng`;
  return (
    <>
      <Copyable label="Command that opens its live packets in Wireshark" text={`curl -sN${login} ${url} | wireshark -k -i -`} />
      <p className="dim">
        In a terminal of a machine that has curl and Wireshark.
        {login && " KISMET_KEY is a key of role readonly, which the administrator makes under Settings."}
      </p>
    </>
  );
}

function Handshakes({ device }: { device: DeviceRecord }) {
  const key = device["kismet.device.base.key"];
  const [wanted, setWanted] = useState(false);
  const frames = useQuery({
    queryKey: ["device", "handshakes", key],
    queryFn: async ({ signal }) => {
      const name = "dot11.device.wpa_handshake_list";
      const fields = [`dot11.device/${name}`];
      const answer = await post<Record<string, Record<string, Frame[]> | 0>>(`/devices/by-key/${key}/device.json`, { fields }, {}, signal);
      return Object.entries(answer[name] || {});
    },
    enabled: wanted,
  });
  if (!device.handshake && !device.pmkid) {
    return <p className="dim">No WPA handshake and no PMKID of it was seen.</p>;
  }
  return (
    <>
      <h3>Handshakes</h3>
      {device.handshake > 0 && (
        <p>
          <a href={`/phy/phy80211/by-key/${key}/pcap/handshake.pcap`}>Handshakes of all clients (pcap)</a>{" "}
          {!wanted && (
            <button type="button" className="plain" onClick={() => setWanted(true)}>
              By client…
            </button>
          )}
        </p>
      )}
      {device.pmkid > 0 && (
        <p>
          <a href={`/phy/phy80211/by-key/${key}/pcap/handshake-pmkid.pcap`}>PMKID (pcap)</a>
        </p>
      )}
      {wanted && frames.isPending && <p role="status">Loading…</p>}
      {frames.error && <p className="wrong">{frames.error.message}</p>}
      {frames.data && (
        <ul className="plainlist">
          {frames.data.map(([mac, all]) => (
            <li key={mac}>
              <a className="mono" href={`/phy/phy80211/by-key/${key}/device/${mac}/pcap/handshake.pcap`}>
                {mac}
              </a>{" "}
              <span className="dim">messages {[...new Set(all.map((one) => one["dot11.eapol.message_num"]))].sort().join(", ")}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
