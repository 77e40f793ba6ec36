import { Link } from "wouter";
import { length } from "../../parts/numbers";
import { Time } from "../../parts/time";
import { spread } from "./geo";
import { type DeviceRecord, type GeoPoint, there } from "./record";

/** A position in degrees, north first, as people write it. */
export function Position({ point }: { point: GeoPoint | undefined }) {
  const [east, north] = point?.["kismet.common.location.geopoint"] ?? [0, 0];
  if (!east && !north) {
    return <span className="dim">not known</span>;
  }
  const height = point?.["kismet.common.location.alt"];
  return (
    <span className="mono">
      {north.toFixed(6)}, {east.toFixed(6)}
      {height ? `, ${length(height)} high` : ""}
    </span>
  );
}

/** Where it was seen, which is where the sensors were. */
export function Places({ device }: { device: DeviceRecord }) {
  const where = there(device["kismet.device.base.location"]);
  const average = where?.["kismet.common.location.avg_loc"];
  const last = where?.["kismet.common.location.last"];
  const min = where?.["kismet.common.location.min_loc"];
  const max = where?.["kismet.common.location.max_loc"];
  return (
    <section className="panel" aria-labelledby="places">
      <h2 id="places">Location</h2>
      {!average ? (
        <p className="dim">No sensor that saw it knew its own position.</p>
      ) : (
        <>
          <dl className="facts">
            <dt>On average</dt>
            <dd>
              <Position point={average} />
            </dd>
            {last && (
              <>
                <dt>Last</dt>
                <dd>
                  <Position point={last} />{" "}
                  {last["kismet.common.location.time_sec"] ? <Time at={last["kismet.common.location.time_sec"]} form="ago" /> : null}
                </dd>
              </>
            )}
            {min && max && (
              <>
                <dt>South-west</dt>
                <dd>
                  <Position point={min} />
                </dd>
                <dt>North-east</dt>
                <dd>
                  <Position point={max} />
                </dd>
                <dt>Spread</dt>
                <dd>{length(spread(min["kismet.common.location.geopoint"], max["kismet.common.location.geopoint"]))} across</dd>
              </>
            )}
          </dl>
          <Link href={`/ui/map?device=${device["kismet.device.base.key"]}`}>Its way on the map</Link>
        </>
      )}
    </section>
  );
}
