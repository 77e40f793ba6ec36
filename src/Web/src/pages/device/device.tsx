import { useState } from "react";
import { Link, useParams } from "wouter";
import { CopyLink } from "../../parts/copylink";
import { Empty, Shown } from "../../parts/states";
import { useSession } from "../../shell/session";
import { WatchDialog } from "../devices/watchdialog";
import { Associations } from "./associations";
import { DeviceAlerts } from "./devicealerts";
import "./device.css";
import { Downloads } from "./downloads";
import { Frequencies } from "./frequencies";
import { Histories } from "./histories";
import { Identity } from "./identity";
import { Places } from "./places";
import { Presence } from "./presence";
import { DronePart, RadioPart } from "./radioparts";
import type { DeviceRecord } from "./record";
import { Sensors } from "./sensors";
import { Ssids } from "./ssidlists";
import { Tags } from "./tags";
import { useDevices, useLiveDevice, useTitle } from "./usedevice";

/** One device, by its key or its address. */
export default function DevicePage() {
  const key = decoded(useParams<{ key: string }>().key);
  const query = useDevices(key);
  return (
    <Shown query={query}>
      {(devices) =>
        devices.length === 1 && devices[0] ? (
          <Device key={devices[0]["kismet.device.base.key"]} fetched={devices[0]} />
        ) : devices.length === 0 ? (
          <Unknown id={key} />
        ) : (
          <Several devices={devices} />
        )
      }
    </Shown>
  );
}

// A link that another program wrote may have ":" as "%3A".
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function Device({ fetched }: { fetched: DeviceRecord }) {
  const device = useLiveDevice(fetched);
  const { isAdmin } = useSession();
  const [isWatching, setWatching] = useState(false);
  const name = device["kismet.device.base.commonname"];
  useTitle(name);
  return (
    <>
      <div className="head">
        <Link href="/ui/devices">Devices</Link>
        <span aria-hidden="true" className="dim">
          /
        </span>
        <h1 className="device-name">
          <bdi>{name}</bdi>
        </h1>
        <span className="right row">
          {isAdmin && (
            <button type="button" onClick={() => setWatching(true)}>
              Watch…
            </button>
          )}
          <CopyLink />
        </span>
      </div>
      {isWatching && (
        <WatchDialog macs={[device["kismet.device.base.macaddr"]]} onWatched={() => setWatching(false)} close={() => setWatching(false)} />
      )}
      <div className="grid device">
        <Identity device={device} />
        <div className="stack">
          <RadioPart device={device} />
          <DronePart device={device} />
          <Tags device={device} />
        </div>
        <div className="stack">
          <Frequencies device={device} />
          <Places device={device} />
        </div>
        <Histories device={device} />
        <Presence device={device} />
        <Ssids device={device} />
        <Associations device={device} />
        <Sensors device={device} />
        <DeviceAlerts device={device} />
        <Downloads device={device} />
      </div>
    </>
  );
}

function Unknown({ id }: { id: string }) {
  return (
    <Empty title="No such device">
      The server knows no device <code>{id.slice(0, 64)}</code>. It may have been forgotten, since it was not seen for long, or the link is
      of another server. <Link href="/ui/devices">To the list of devices</Link>
    </Empty>
  );
}

function Several({ devices }: { devices: DeviceRecord[] }) {
  return (
    <>
      <div className="head">
        <h1>Which device?</h1>
      </div>
      <div className="panel">
        <p>This address is that of devices of different radios:</p>
        <ul>
          {devices.map((one) => (
            <li key={one["kismet.device.base.key"]}>
              <Link href={`/ui/device/${one["kismet.device.base.key"]}`}>
                <bdi>{one["kismet.device.base.commonname"]}</bdi>
              </Link>{" "}
              ({one["kismet.device.base.phyname"]})
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}
