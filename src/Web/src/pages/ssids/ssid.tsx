import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { Link } from "wouter";
import { ApiError, type Field, post } from "../../api/client";
import { CopyLink } from "../../parts/copylink";
import { type ListColumn, ListTable } from "../../parts/listtable";
import { count, signal } from "../../parts/numbers";
import { Ssid } from "../../parts/ssid";
import { Empty, Shown } from "../../parts/states";
import { Time } from "../../parts/time";

// A name that thousands ask for: as many as can be read, and how many there are.
const MOST = 500;
const REFRESH_MS = 30_000;

interface Detail {
  "dot11.ssidgroup.ssid": string;
  "dot11.ssidgroup.ssid_len": number;
  "dot11.ssidgroup.crypt_string": string;
  "dot11.ssidgroup.first_time": number;
  "dot11.ssidgroup.last_time": number;
  "dot11.ssidgroup.advertising_devices": string[];
  "dot11.ssidgroup.responding_devices": string[];
  "dot11.ssidgroup.probing_devices": string[];
}

interface Member {
  key: string;
  mac: string;
  name: string;
  manuf: string;
  channel: string;
  signal: number;
  clients: number;
  last: number;
}

const MEMBER_FIELDS: Field[] = [
  ["kismet.device.base.key", "key"],
  ["kismet.device.base.macaddr", "mac"],
  ["kismet.device.base.commonname", "name"],
  ["kismet.device.base.manuf", "manuf"],
  ["kismet.device.base.channel", "channel"],
  ["kismet.device.base.signal/kismet.common.signal.last_signal", "signal"],
  ["dot11.device/dot11.device.num_associated_clients", "clients"],
  ["kismet.device.base.last_time", "last"],
];

const COLUMNS: ListColumn<Member>[] = [
  {
    id: "name",
    header: "Device",
    accessorFn: (one) => one.name,
    cell: ({ row }) => (
      <Link href={`/ui/device/${row.original.key}`}>
        <bdi>{row.original.name}</bdi>
      </Link>
    ),
  },
  { id: "mac", header: "Address", accessorFn: (one) => one.mac, cell: ({ row }) => <span className="mono">{row.original.mac}</span> },
  { id: "manuf", header: "Manufacturer", accessorFn: (one) => one.manuf, cell: ({ row }) => <bdi>{row.original.manuf}</bdi> },
  { id: "channel", header: "Channel", accessorFn: (one) => Number(one.channel) || 0, cell: ({ row }) => row.original.channel || "–" },
  { id: "signal", header: "Signal", accessorFn: (one) => one.signal || -999, cell: ({ row }) => signal(row.original.signal) },
  { id: "clients", header: "Clients", accessorFn: (one) => one.clients, cell: ({ row }) => count(row.original.clients) },
  { id: "last", header: "Last seen", accessorFn: (one) => one.last, cell: ({ row }) => <Time at={row.original.last} /> },
];

/** One SSID: who announces it, who answers for it, who asks for it. */
export function SsidPage({ hash, crypt }: { hash: string; crypt: string | undefined }) {
  const query = useQuery({
    queryKey: ["ssids", "one", hash, crypt],
    queryFn: async ({ signal }) => {
      try {
        return await post<Detail>(`/phy/phy80211/ssids/by-hash/${encodeURIComponent(hash)}/ssid.json`, {}, { crypt_set: crypt }, signal);
      } catch (e) {
        // How the server says that it knows no such name.
        if (e instanceof ApiError && e.status === 500) {
          return null;
        }
        throw e;
      }
    },
    refetchInterval: REFRESH_MS,
  });
  return <Shown query={query}>{(found) => (found ? <Found detail={found} /> : <Unknown />)}</Shown>;
}

function Found({ detail }: { detail: Detail }) {
  const name = detail["dot11.ssidgroup.ssid"];
  useEffect(() => {
    document.title = `${name || "Hidden SSID"} · KismetOrleans`;
  }, [name]);
  return (
    <>
      <div className="head">
        <Link href="/ui/ssids">SSIDs</Link>
        <span aria-hidden="true" className="dim">
          /
        </span>
        <h1>
          <Ssid name={name} length={detail["dot11.ssidgroup.ssid_len"]} />
        </h1>
        <span className="tag">{detail["dot11.ssidgroup.crypt_string"]}</span>
        <span className="dim">
          first seen <Time at={detail["dot11.ssidgroup.first_time"]} />, last <Time at={detail["dot11.ssidgroup.last_time"]} form="ago" />
        </span>
        <span className="right">
          <CopyLink />
        </span>
      </div>
      <div className="grid">
        <Members title="Advertising APs" keys={detail["dot11.ssidgroup.advertising_devices"]}>
          No beacon of it was seen.
        </Members>
        <Members title="Responding APs" keys={detail["dot11.ssidgroup.responding_devices"]}>
          No probe response for it was seen.
        </Members>
        <Members title="Probing devices" keys={detail["dot11.ssidgroup.probing_devices"]}>
          No device probes for it.
        </Members>
      </div>
    </>
  );
}

function Members({ title, keys, children }: { title: string; keys: string[]; children: ReactNode }) {
  const asked = keys.slice(0, MOST);
  const query = useQuery({
    queryKey: ["ssids", "members", asked],
    queryFn: ({ signal }) =>
      asked.length === 0
        ? Promise.resolve([])
        : post<Member[]>("/devices/multikey/devices.json", { devices: asked, fields: MEMBER_FIELDS }, {}, signal),
    staleTime: REFRESH_MS,
    placeholderData: (before) => before,
  });
  return (
    <section className="panel whole" aria-label={title}>
      <h2>
        {title} <span className="dim">{count(keys.length)}</span>
      </h2>
      <Shown query={query}>
        {(members) => (
          <>
            <ListTable
              label={title}
              rows={members}
              columns={COLUMNS}
              idOf={(one) => one.key}
              sort={[{ id: "last", desc: true }]}
              empty={<p className="dim">{keys.length ? "The devices were forgotten." : children}</p>}
            />
            {keys.length > MOST && (
              <p className="dim">
                The first {count(MOST)} of {count(keys.length)}.
              </p>
            )}
          </>
        )}
      </Shown>
    </section>
  );
}

function Unknown() {
  return (
    <Empty title="No such SSID">
      The server knows no network of this name and security any more. <Link href="/ui/ssids">To the list of SSIDs</Link>
    </Empty>
  );
}
