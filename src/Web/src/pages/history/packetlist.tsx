import { Link } from "wouter";
import { byteSize, frequency, signal } from "../../parts/numbers";
import { Failed, Loading } from "../../parts/states";
import { Time } from "../../parts/time";
import { useUrlState } from "../../parts/urlstate";
import type { ServerFilter } from "./filter";
import { type Packet, usePackets } from "./packets";

/** The packets themselves, newest first, as many as are asked for. */
export function PacketList({ filter, sensors }: { filter: ServerFilter; sensors: Map<string, string> | undefined }) {
  const query = usePackets(filter);
  const [, change] = useUrlState();
  if (!query.data) {
    return query.error ? <Failed error={query.error} again={() => void query.refetch()} /> : <Loading what="Reading packets" />;
  }
  const packets = query.data.pages.flat();
  return (
    <div className="panel history-list">
      <div className="scroller">
        <table aria-label="Packets, newest first">
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Source (SA)</th>
              <th scope="col">Destination (DA)</th>
              <th scope="col">Transmitter (TA)</th>
              <th scope="col">Signal</th>
              <th scope="col">Type</th>
              <th scope="col">Frequency</th>
              <th scope="col">Size</th>
              <th scope="col">Sensor</th>
              <th scope="col">Place</th>
            </tr>
          </thead>
          <tbody>
            {packets.map((one, i) => (
              <PacketRow
                // biome-ignore lint/suspicious/noArrayIndexKey: alike packets have one id, and the list only grows at its end.
                key={i}
                packet={one}
                open={() => change({ packet: one.id }, true)}
                sensor={sensors?.get(one.sensor.toUpperCase()) ?? one.sensor}
              />
            ))}
          </tbody>
        </table>
      </div>
      {query.hasNextPage && (
        <button type="button" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {query.isFetchingNextPage ? "Reading…" : "Older ones"}
        </button>
      )}
      {query.error && <p className="wrong">{query.error.message}</p>}
    </div>
  );
}

function PacketRow({ packet, open, sensor }: { packet: Packet; open: () => void; sensor: string }) {
  const milliseconds = Math.floor((packet.time % 1) * 1000)
    .toString()
    .padStart(3, "0");
  return (
    <tr>
      <td>
        <button type="button" className="plain" title="Look at this packet" onClick={open}>
          <Time at={packet.time} />
          <span className="dim">.{milliseconds}</span>
        </button>
      </td>
      <td>
        <Address mac={packet.source} device={packet.sourceKey} />
      </td>
      <td>
        <Address mac={packet.dest} device={packet.destKey} />
      </td>
      <td>{packet.trans !== 0 && packet.trans !== packet.source && <Address mac={packet.trans} device={packet.transKey} />}</td>
      <td>{signal(packet.signal)}</td>
      <td>{packet.tags || packet.phy}</td>
      <td>{frequency(packet.frequency)}</td>
      <td>{byteSize(packet.size)}</td>
      <td>
        <Link href={`/ui/sensors?sensor=${packet.sensor}`}>{sensor}</Link>
      </td>
      <td>{packet.lat || packet.lon ? `${packet.lat.toFixed(5)}, ${packet.lon.toFixed(5)}` : "–"}</td>
    </tr>
  );
}

function Address({ mac, device }: { mac: string | 0; device: string | 0 }) {
  return mac ? (
    device ? (
      <Link href={`/ui/device/${encodeURIComponent(device)}`} className="mono">
        {mac}
      </Link>
    ) : (
      <span className="mono">{mac}</span>
    )
  ) : (
    <span className="dim">–</span>
  );
}
