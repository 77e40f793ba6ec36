import { useState } from "react";
import { points, type Rrd, type Span } from "../../api/records";
import { TimeChart } from "../../parts/chart";
import { octets, rate, signal } from "../../parts/numbers";
import { type DeviceRecord, type Maybe, sensorName, there } from "./record";
import { useSignals } from "./signals";
import { useServerNow } from "./usedevice";

const SPANS: [Span, string][] = [
  ["minute", "Minute"],
  ["hour", "Hour"],
  ["day", "Day"],
];

/** Packets, data and signal over time. */
export function Histories({ device }: { device: DeviceRecord }) {
  const [span, setSpan] = useState<Span>("hour");
  const now = useServerNow(device);
  const draw = (rrd: Maybe<Rrd>) => points(rrd, span, now);
  const sent = draw(device["kismet.device.base.tx_packets.rrd"]);
  const received = draw(device["kismet.device.base.rx_packets.rrd"]);
  const data = draw(device["kismet.device.base.datasize.rrd"]);
  const times = sent.map(([time]) => time);
  const values = (all: [number, number][]) => all.map(([, value]) => value);
  const most = (all: [number, number][]) => Math.max(...values(all));
  return (
    <section className="panel whole" aria-labelledby="histories">
      <div className="row spread">
        <h2 id="histories">Traffic and signal</h2>
        <fieldset className="switch">
          <legend className="hidden">How far back</legend>
          {SPANS.map(([one, name]) => (
            <button key={one} type="button" aria-pressed={one === span} onClick={() => setSpan(one)}>
              {name}
            </button>
          ))}
        </fieldset>
      </div>
      <div className="charts">
        <figure>
          <figcaption>Packets a second</figcaption>
          <TimeChart
            times={times}
            series={[
              { label: "sent", values: values(sent) },
              { label: "received", values: values(received) },
            ]}
            format={rate}
            height={150}
            label={`Packets in the last ${span}: up to ${rate(most(sent))} sent, up to ${rate(most(received))} received`}
          />
        </figure>
        <figure>
          <figcaption>Data a second</figcaption>
          <TimeChart
            times={times}
            series={[{ label: "data", values: values(data), colour: 1 }]}
            format={octets}
            height={150}
            label={`Data in the last ${span}: up to ${octets(most(data))} a second`}
          />
        </figure>
        <SignalChart device={device} now={now} />
      </div>
    </section>
  );
}

function SignalChart({ device, now }: { device: DeviceRecord; now: number }) {
  const heard = there(device["kismet.device.base.signal"]);
  const minute = points(heard?.["kismet.common.signal.signal_rrd"], "minute", now);
  const seen = device["kismet.device.base.seenby"] || [];
  const { times, bySensor } = useSignals(seen, now);
  const names = new Map(seen.map((one) => [one["kismet.common.seenby.uuid"], sensorName(one)]));
  const known = minute.map(([, value]) => value).filter((value) => value < 0);
  return (
    <>
      <figure>
        <figcaption>Signal in the last minute, the strongest of all sensors</figcaption>
        {known.length === 0 ? (
          <p className="dim quiet">Nothing was heard in the last minute.</p>
        ) : (
          <TimeChart
            times={minute.map(([time]) => time)}
            series={[{ label: "signal", values: minute.map(([, value]) => (value < 0 ? value : null)), colour: 2 }]}
            format={signal}
            kind="levels"
            height={150}
            label={`Signal in the last minute: ${signal(Math.min(...known))} to ${signal(Math.max(...known))}`}
          />
        )}
      </figure>
      <figure>
        <figcaption>Signal by sensor, since this page was opened</figcaption>
        {times.length < 2 ? (
          <p className="dim quiet">
            The server keeps a history of all sensors together, and of each sensor what is in the table below. What each hears from now on
            is drawn here.
          </p>
        ) : (
          <TimeChart
            times={times}
            series={[...bySensor].map(([uuid, values]) => ({ label: names.get(uuid) ?? uuid, values }))}
            format={signal}
            kind="levels"
            height={150}
            label={`Signal by sensor: ${[...bySensor.keys()].map((uuid) => names.get(uuid) ?? uuid).join(", ")}`}
          />
        )}
      </figure>
    </>
  );
}
