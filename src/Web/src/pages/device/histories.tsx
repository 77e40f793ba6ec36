import { useState } from "react";
import { points, type Rrd, type Span } from "../../api/records";
import { TimeChart } from "../../parts/chart";
import { byteSize, rate, signal } from "../../parts/numbers";
import { type DeviceRecord, type Maybe, sensorName } from "./record";
import { Spans } from "./spans";
import { useServerNow } from "./usedevice";

const SPANS: [Span, string][] = [
  ["minute", "Minute"],
  ["hour", "Hour"],
  ["day", "Day"],
];

// Averages over an hour are small: a rate that is not none must not look like none.
const packets = (value: number) => (value > 0 && value < 0.1 ? `${value.toPrecision(1)}/s` : rate(value));
const data = (value: number) => (value > 0 && value < 10 ? `${value.toFixed(1)} B` : byteSize(value));

/** Packets, data and signal over time. */
export function Histories({ device }: { device: DeviceRecord }) {
  const [span, setSpan] = useState<Span>("hour");
  const now = useServerNow(device);
  const draw = (rrd: Maybe<Rrd>) => points(rrd, span, now);
  const sent = draw(device["kismet.device.base.tx_packets.rrd"]);
  const received = draw(device["kismet.device.base.rx_packets.rrd"]);
  const payload = draw(device["kismet.device.base.datasize.rrd"]);
  const times = sent.map(([time]) => time);
  const values = (all: [number, number][]) => all.map(([, value]) => value);
  const most = (all: [number, number][]) => Math.max(...values(all));
  return (
    <section className="panel whole" aria-labelledby="histories">
      <div className="row spread">
        <h2 id="histories">Traffic and signal</h2>
        <Spans legend="How far back" spans={SPANS} value={span} onChoose={setSpan} />
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
            format={packets}
            height={150}
            label={`Packets in the last ${span}: up to ${rate(most(sent))} sent, up to ${rate(most(received))} received`}
          />
        </figure>
        <figure>
          <figcaption>Data a second</figcaption>
          <TimeChart
            times={times}
            series={[{ label: "data", values: values(payload), colour: 1 }]}
            format={data}
            height={150}
            label={`Data in the last ${span}: up to ${byteSize(most(payload))} a second`}
          />
        </figure>
        <SignalChart device={device} span={span} now={now} />
      </div>
    </section>
  );
}

// More lines than colours tell nothing: those that saw it best.
const MOST_SENSORS = 8;

function SignalChart({ device, span, now }: { device: DeviceRecord; span: Span; now: number }) {
  const names = new Map((device["kismet.device.base.seenby"] || []).map((one) => [one["kismet.common.seenby.uuid"], sensorName(one)]));
  const heard = (device["kismet.device.base.seenby_signal"] || [])
    .map((one) => {
      const uuid = one["kismet.common.seenby.uuid"];
      const history = points(one["kismet.common.seenby.signal_rrd"], span, now);
      const values = history.map(([, value]) => (value < 0 ? value : null));
      const best = Math.max(...values.filter((value) => value !== null));
      return { name: names.get(uuid) ?? uuid, times: history.map(([time]) => time), values, best };
    })
    .filter((one) => Number.isFinite(one.best))
    .sort((a, b) => b.best - a.best)
    .slice(0, MOST_SENSORS)
    // Each keeps its colour while they take turns in being best.
    .sort((a, b) => a.name.localeCompare(b.name));
  return (
    <figure>
      <figcaption>Strongest signal, by sensor</figcaption>
      {heard.length === 0 ? (
        <p className="dim quiet">No signal by sensor is known of the last {span}.</p>
      ) : (
        <TimeChart
          times={heard[0]?.times ?? []}
          series={heard.map(({ name, values }) => ({ label: name, values }))}
          format={signal}
          kind="levels"
          height={150}
          label={`Signal by sensor in the last ${span}: ${heard.map(({ name, best }) => `${name} up to ${signal(best)}`).join(", ")}`}
        />
      )}
    </figure>
  );
}
