import { count } from "../../parts/numbers";
import { channelOf } from "./channels";
import type { DeviceRecord } from "./record";

// A radio that hops over everything has some hundred; the rest are few packets.
const MOST = 30;

/** On which frequencies it was seen, as bars. */
export function Frequencies({ device }: { device: DeviceRecord }) {
  const all = Object.entries(device["kismet.device.base.freq_khz_map"] || {})
    .map(([khz, packets]) => ({ khz: Number(khz), packets }))
    .filter((one) => one.khz > 0);
  if (all.length === 0) {
    return null;
  }
  const shown = all
    .toSorted((a, b) => b.packets - a.packets)
    .slice(0, MOST)
    .toSorted((a, b) => a.khz - b.khz);
  const most = Math.max(...shown.map((one) => one.packets));
  return (
    <section className="panel" aria-labelledby="frequencies">
      <h2 id="frequencies">Channels</h2>
      <table className="bars" aria-labelledby="frequencies">
        <thead className="hidden">
          <tr>
            <th scope="col">Channel</th>
            <th scope="col">Frequency</th>
            <th scope="col">Packets</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ khz, packets }) => (
            <tr key={khz}>
              <th scope="row">{channelOf(khz, device["kismet.device.base.phyname"])}</th>
              <td className="dim">{khz / 1000} MHz</td>
              <td className="bar">
                <span style={{ width: `${Math.max(1, (packets / most) * 100)}%` }} />
                {count(packets)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {all.length > MOST && (
        <p className="dim">
          The {MOST} busiest of {all.length}.
        </p>
      )}
    </section>
  );
}
