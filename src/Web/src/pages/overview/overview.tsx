import { useState } from "react";
import { Link } from "wouter";
import { useAlerts, usePacketHistory, useStatus } from "../../api/queries";
import { type Alert, type Point, points, type Rrd, type SystemStatus } from "../../api/records";
import { useEvent } from "../../live/events";
import { TimeChart } from "../../parts/chart";
import { count, rate } from "../../parts/numbers";
import { SEVERITIES, Severity, severityOf } from "../../parts/severity";
import { Empty, Shown } from "../../parts/states";
import { Time } from "../../parts/time";
import { useSensorStates } from "../sensors/usefleet";
import { BusyChannels } from "./busychannels";
import { NewDevices, NewToday } from "./newdevices";

/** The campus at a glance; each figure leads to its list. */
export default function OverviewPage() {
  const status = useStatus();
  return (
    <>
      <div className="head">
        <h1>{status.data?.["kismet.system.server_name"] || "Overview"}</h1>
        {status.data && (
          <span className="dim">
            {status.data["kismet.system.server_location"]} up since <Time at={status.data["kismet.system.timestamp.start_sec"]} />
          </span>
        )}
      </div>
      <div className="tiles">
        <Shown query={status}>{(now) => <Devices status={now} />}</Shown>
        <NewToday />
        <PacketRate />
        <Sensors />
        <OpenAlerts />
      </div>
      <div className="grid">
        <Packets />
        <NewDevices />
        <BusyChannels />
        <NewestAlerts />
      </div>
    </>
  );
}

function Devices({ status }: { status: SystemStatus }) {
  const [devices, setDevices] = useState(status["kismet.system.devices.count"]);
  useEvent<SystemStatus>("STATISTICS", (now) => setDevices(now["kismet.system.devices.count"]));
  return (
    <Link className="panel tile" href="/ui/devices">
      <span className="value">{count(devices)}</span>
      <span className="name">devices</span>
    </Link>
  );
}

function PacketRate() {
  const [packets, setPackets] = useState<number | null>(null);
  useEvent<{ packets: number }>("PACKETCHAIN_STATS", (now) => setPackets(now.packets));
  return (
    <Link className="panel tile" href="/ui/channels">
      <span className="value">{packets === null ? "–" : rate(packets)}</span>
      <span className="name">packets</span>
    </Link>
  );
}

function Sensors() {
  const { query, rows } = useSensorStates();
  return (
    <Shown query={query}>
      {() => {
        const up = rows.filter(({ state }) => state.mark === "good").length;
        // Files that were read to their end, and what somebody paused or closed, are neither.
        const down = rows.filter(({ state }) => state.isProblem).length;
        return (
          <Link className="panel tile" href="/ui/sensors">
            <span className="value">
              {count(up)}
              {down > 0 && <span className="bad"> / {count(down)}</span>}
            </span>
            <span className="name">{down > 0 ? "sensors up / with problems" : "sensors up, no problems"}</span>
          </Link>
        );
      }}
    </Shown>
  );
}

function OpenAlerts() {
  const query = useAlerts();
  return (
    <Shown query={query}>
      {(alerts) => (
        <Link className="panel tile" href="/ui/alerts">
          <span className="value">{count(alerts.length)}</span>
          <span className="name">
            alerts{" "}
            {SEVERITIES.map(({ least, name, className }) => {
              const many = alerts.filter((one) => severityOf(one["kismet.alert.severity"]).least === least).length;
              return many > 0 ? (
                <span key={least} className={`severity ${className}`} title={name}>
                  {many}
                </span>
              ) : null;
            })}
          </span>
        </Link>
      )}
    </Shown>
  );
}

function Packets() {
  const query = usePacketHistory();
  return (
    <section className="panel whole" aria-label="Packets">
      <h2>Packets in the last minute</h2>
      <Shown query={query}>{(history) => <LivePackets packets={history} />}</Shown>
    </section>
  );
}

// The newest second is not over yet.
function LivePackets({ packets }: { packets: Rrd }) {
  const [line, setLine] = useState<Point[]>(() => points(packets, "minute", Math.floor(Date.now() / 1000)).slice(0, -1));
  useEvent<{ packets: number }>("PACKETCHAIN_STATS", (now) =>
    setLine((before) => {
      const time = Math.floor(Date.now() / 1000) - 1;
      const newest = before.at(-1)?.[0] ?? 0;
      return time > newest ? [...before.slice(1), [time, now.packets]] : before;
    }),
  );
  return (
    <TimeChart
      label={`Packets a second, now ${line.at(-1)?.[1] ?? 0}`}
      times={line.map(([time]) => time)}
      series={[{ label: "packets/s", values: line.map(([, value]) => value) }]}
      height={150}
    />
  );
}

function NewestAlerts() {
  const query = useAlerts();
  return (
    <section className="panel" aria-label="Newest alerts">
      <h2>
        <Link href="/ui/alerts">Newest alerts</Link>
      </h2>
      <Shown query={query}>
        {(alerts) => (alerts.length === 0 ? <Empty title="Nothing was noticed" /> : <AlertLines alerts={alerts.slice(-6).toReversed()} />)}
      </Shown>
    </section>
  );
}

function AlertLines({ alerts }: { alerts: Alert[] }) {
  return (
    <ul className="lines">
      {alerts.map((one) => (
        <li key={`${one["kismet.alert.hash"]}-${one["kismet.alert.timestamp"]}`}>
          <Severity value={one["kismet.alert.severity"]} />
          <span className="grow">
            <strong>{one["kismet.alert.header"]}</strong> <span className="dim">{one["kismet.alert.text"]}</span>
          </span>
          <Time at={one["kismet.alert.timestamp"]} form="ago" />
        </li>
      ))}
    </ul>
  );
}
