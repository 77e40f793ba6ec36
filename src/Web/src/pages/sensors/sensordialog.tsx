import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { post } from "../../api/client";
import { points, type Rrd } from "../../api/records";
import { TimeChart } from "../../parts/chart";
import { Dialog } from "../../parts/dialog";
import { ActionButton, Copyable } from "../../parts/form";
import { byteSize, count, rate } from "../../parts/numbers";
import { Shown } from "../../parts/states";
import type { Row } from "./choice";
import { forget, isForgettable, order, ordersOf } from "./commands";
import { shellWord } from "./paste";
import { isPhone, madeAt, placeOf, rateOf, tuning } from "./sensor";
import { percent, skew } from "./state";
import { StateMark } from "./statemark";
import { Tuner } from "./tuner";

/** One sensor: what is known of it, and everything that it can be told. */
export function SensorDialog({ row: { sensor, state }, close, refresh }: { row: Row; close: () => void; refresh: () => Promise<void> }) {
  const orders = ordersOf(sensor, state.id);
  const canTune = Boolean(sensor.tunes && sensor.running && (sensor.channels || []).length > 0);
  return (
    <Dialog title={sensor.name || sensor.uuid} close={close}>
      <div className="sensor-dialog">
        <div className="row">
          <StateMark state={state} full />
          <span className="row right">
            {orders.map((one) => (
              <ActionButton
                key={one.order}
                className={one.order === "close_source" ? "danger" : ""}
                action={async () => {
                  await order(sensor, one.order);
                  await refresh();
                }}
              >
                {one.name}
              </ActionButton>
            ))}
            {isForgettable(sensor, state.id) && (
              <ActionButton
                className="danger"
                confirm={`Forget ${sensor.name || sensor.uuid}? Its devices stay, and name it no more. If it comes back, it is a new sensor.`}
                action={async () => {
                  await forget(sensor);
                  close();
                  await refresh();
                }}
              >
                Forget
              </ActionButton>
            )}
          </span>
        </div>
        <Hour uuid={sensor.uuid} at={madeAt(sensor)} />
        <dl className="facts">
          <dt>Packets</dt>
          <dd>
            {count(sensor.packets)}, {count(sensor.errorPackets)} damaged, {rate(rateOf(sensor))} now
          </dd>
          <dt>Kind</dt>
          <dd>{isPhone(sensor) ? `Reports of a phone (${sensor.hardware})` : [sensor.kind, sensor.hardware].filter(Boolean).join(", ")}</dd>
          {sensor.interface && (
            <>
              <dt>Interface</dt>
              <dd>{sensor.interface}</dd>
            </>
          )}
          {sensor.definition && (
            <>
              <dt>Definition</dt>
              <dd className="mono">{sensor.definition}</dd>
            </>
          )}
          {placeOf(sensor) && (
            <>
              <dt>Place</dt>
              <dd>{placeOf(sensor)}</dd>
            </>
          )}
          <dt>UUID</dt>
          <dd className="mono">{sensor.uuid}</dd>
          {Boolean(sensor.remote) && <AgentFacts sensor={sensor} />}
          {Boolean(sensor.tunes) && (
            <>
              <dt>Channel</dt>
              <dd>{tuning(sensor)}</dd>
            </>
          )}
          {sensor.replayShare > 0 && !sensor.remote && (
            <>
              <dt>Read</dt>
              <dd>{percent(sensor.replayShare)}</dd>
            </>
          )}
        </dl>
        {canTune && <Tuner key={sensor.uuid} sensor={sensor} refresh={refresh} />}
        <p className="row">
          <Link href={`/ui/devices?view=seenby-${sensor.uuid}`}>Devices that it saw</Link>
          {!isPhone(sensor) && <Link href={`/ui/history?datasource=${sensor.uuid}`}>Its packets of the past</Link>}
        </p>
        {!isPhone(sensor) && (
          <details>
            <summary>Live packets in Wireshark</summary>
            <Copyable label="Command for live packets" text={wireshark(sensor.uuid)} />
          </details>
        )}
      </div>
    </Dialog>
  );
}

function AgentFacts({ sensor }: { sensor: Row["sensor"] }) {
  return (
    <>
      <dt>Agent</dt>
      <dd>
        {sensor.remoteIp}
        {sensor.version && `, version ${sensor.version.split("+")[0]}`}
      </dd>
      {sensor.agent && (
        <>
          <dt>Profile</dt>
          <dd className={sensor.profileError ? "wrong" : ""}>
            {sensor.profile ? `${sensor.profile}, version ${sensor.profileVersion}` : "none"}
            {sensor.profileState === "trial" && ", on trial"}
            {sensor.profileError && `; ${sensor.profileError}`}
          </dd>
        </>
      )}
      <dt>Spool</dt>
      <dd>
        {sensor.spoolBatches === 0 ? "empty" : `${count(sensor.spoolBatches)} batches, ${byteSize(sensor.spoolBytes)}`}
        {sensor.waiting > 0 && `, ${count(sensor.waiting)} packets wait to be packed`}
        {sensor.spoolLost > 0 && <span className="wrong">, {count(sensor.spoolLost)} packets lost when it was full</span>}
      </dd>
      <dt>Dropped</dt>
      <dd className={sensor.dropped > 0 ? "wrong" : ""}>{count(sensor.dropped)} packets by its system</dd>
      <dt>Clock</dt>
      <dd className={(sensor.problems || []).includes("clock") ? "wrong" : ""}>
        {skew(sensor.clockSkew)} the server’s{sensor.clockCorrection !== 0 && "; the times of its packets are put right"}
      </dd>
      {sensor.diskSize > 0 && (
        <>
          <dt>Its host</dt>
          <dd>{host(sensor)}</dd>
        </>
      )}
    </>
  );
}

// What its system does not tell is 0, and not said.
function host({ cpu, temperature, diskFree, diskSize }: Row["sensor"]): string {
  return [
    `processors ${percent(cpu)} busy`,
    temperature !== 0 && `${temperature.toFixed(0)} °C`,
    `${byteSize(diskFree)} of ${byteSize(diskSize)} free on its disk`,
  ]
    .filter(Boolean)
    .join(", ");
}

// The list has but the last minute of each sensor's history in sight; the hour is asked for when one is looked at.
function Hour({ uuid, at }: { uuid: string; at: number }) {
  const query = useQuery({
    queryKey: ["sensor-hour", uuid],
    queryFn: ({ signal }) =>
      post<{ rrd: Rrd | 0 }>(`/datasource/by-uuid/${uuid}/source.json`, { fields: [["kismet.datasource.packets_rrd", "rrd"]] }, {}, signal),
  });
  return (
    <Shown query={query}>
      {({ rrd }) => {
        const hour = points(rrd, "hour", at);
        return (
          <TimeChart
            times={hour.map(([time]) => time)}
            series={[{ label: "Packets/s", values: hour.map(([, value]) => value) }]}
            label="Packets a second, minute by minute, of the last hour"
            kind="bars"
            height={120}
          />
        );
      }}
    </Shown>
  );
}

function wireshark(uuid: string): string {
  return `curl -sN -u <user> ${shellWord(`${location.origin}/datasource/pcap/by-uuid/${uuid}/packets.pcapng`)} | wireshark -k -i -`;
}
