import { Link } from "wouter";
import { BANDS, occupancy } from "../../api/channels";
import { useChannels } from "../../api/queries";
import { brief } from "../../parts/numbers";
import { Empty, Shown } from "../../parts/states";

const MOST = 6;

/** The channels with most packets of the last hour. */
export function BusyChannels() {
  const query = useChannels();
  return (
    <section className="panel" aria-label="Busiest channels">
      <h2>
        <Link href="/ui/channels">Busiest channels in the last hour</Link>
      </h2>
      <Shown query={query}>
        {(uses) => {
          const now = Math.floor(Date.now() / 1000);
          const all = BANDS.flatMap((band) => occupancy(uses, band, "hour", now).map((one) => ({ ...one, band: band.name })));
          const busiest = all.filter((one) => one.packets > 0).sort((a, b) => b.packets - a.packets);
          const most = busiest[0]?.packets ?? 1;
          return busiest.length === 0 ? (
            <Empty title="Nothing was seen">No packets came in the last hour.</Empty>
          ) : (
            <ul className="lines">
              {busiest.slice(0, MOST).map((one) => (
                <li key={one.khz}>
                  <span className="channel">
                    {one.channel} <small>{one.band}</small>
                  </span>
                  <meter min={0} max={most} value={one.packets} aria-label={`${one.channel}, ${one.band}`} />
                  <span>{brief(Math.round(one.packets))}</span>
                </li>
              ))}
            </ul>
          );
        }}
      </Shown>
    </section>
  );
}
