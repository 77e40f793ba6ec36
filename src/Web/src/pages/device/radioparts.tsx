import type { ReactNode } from "react";
import { length, speed } from "../../parts/numbers";
import { Time } from "../../parts/time";
import { Position } from "./places";
import { type DeviceRecord, there } from "./record";

type Fact = [name: string, value: ReactNode];

/** Facts that are there. */
function Facts({ title, facts }: { title: string; facts: Fact[] }) {
  const known = facts.filter(([, value]) => value !== undefined && value !== null && value !== "" && value !== 0 && value !== false);
  if (known.length === 0) {
    return null;
  }
  const id = title.replaceAll(/\W/g, "").toLowerCase();
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <dl className="facts">
        {known.map(([name, value]) => (
          <div key={name} className="pair">
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function hex(value: number): string {
  return value ? value.toString(16).toUpperCase().padStart(8, "0") : "";
}

function bytesByName(map: Record<string, string> | undefined): ReactNode {
  const all = Object.entries(map ?? {});
  return (
    all.length > 0 && (
      <ul className="plainlist mono">
        {all.map(([name, bytes]) => (
          <li key={name}>
            {name}: {bytes}
          </li>
        ))}
      </ul>
    )
  );
}

/** What its radio tells besides: Wi-Fi, Bluetooth, 802.15.4. */
export function RadioPart({ device }: { device: DeviceRecord }) {
  const bluetooth = there(device["bluetooth.device"]);
  const flags = Object.entries(device["btle.device"] || {})
    .filter(([, value]) => value)
    .map(([name]) => name.split(".").at(-1)?.replaceAll("_", " "));
  const mesh = there(device["802154.device"]);
  const clients = Object.values(device["dot11.device.client_map"] || {});
  const told = (name: "dot11.client.dhcp_host" | "dot11.client.dhcp_vendor" | "dot11.client.eap_identity" | "dot11.client.cdp_device") =>
    [...new Set(clients.map((one) => one[name]).filter(Boolean))].join(", ");
  return (
    <>
      <Facts
        title="Wi-Fi"
        facts={[
          ["Host name (DHCP)", told("dot11.client.dhcp_host")],
          ["Vendor class (DHCP)", told("dot11.client.dhcp_vendor")],
          ["Identity (EAP)", told("dot11.client.eap_identity")],
          ["Cisco discovery", told("dot11.client.cdp_device")],
          ["Retries", device["dot11.device.num_retries"]],
          ["Fragments", device["dot11.device.num_fragments"]],
          ["Client disconnects", device["dot11.device.client_disconnects"]],
          ["Beacon fingerprint", hex(device["dot11.device.beacon_fingerprint"])],
          ["Probe request fingerprint", hex(device["dot11.device.probe_fingerprint"])],
          ["Probe response fingerprint", hex(device["dot11.device.response_fingerprint"])],
        ]}
      />
      <Facts
        title="Bluetooth"
        facts={[
          ["Class", [bluetooth?.["bluetooth.device.major_class"], bluetooth?.["bluetooth.device.minor_class"]].filter(Boolean).join(", ")],
          ["Flags", flags.join(", ")],
          ["Transmit power", bluetooth?.["bluetooth.device.txpower"] && `${bluetooth["bluetooth.device.txpower"]} dBm`],
          ["Services", bluetooth?.["bluetooth.device.service_uuid_vec"]?.join(", ")],
          ["Solicited services", bluetooth?.["bluetooth.device.solicitation_uuid_vec"]?.join(", ")],
          ["Service data", bytesByName(bluetooth?.["bluetooth.device.service_data_bytes"])],
          ["Manufacturer data", bytesByName(bluetooth?.["bluetooth.device.manufacturer_data_bytes"])],
          ["Scan response", bluetooth?.["bluetooth.device.scan_data_bytes"]],
        ]}
      />
      <Facts
        title="802.15.4"
        facts={[
          [
            "Network (PAN)",
            mesh?.["802154.device.pan_id"] !== undefined && `0x${mesh["802154.device.pan_id"].toString(16).padStart(4, "0")}`,
          ],
          [
            "Short address",
            mesh?.["802154.device.short_address"] !== undefined && `0x${mesh["802154.device.short_address"].toString(16).padStart(4, "0")}`,
          ],
          ["Coordinator", mesh?.["802154.device.coordinator"] ? "yes" : ""],
        ]}
      />
    </>
  );
}

/** What a drone tells of itself. */
export function DronePart({ device }: { device: DeviceRecord }) {
  const drone = there(device["uav.device"]);
  if (!drone) {
    return null;
  }
  const newest = drone["uav.last_telemetry"];
  return (
    <Facts
      title="Drone"
      facts={[
        ["Manufacturer", drone["uav.manufacturer"]],
        ["Model", drone["uav.model"]],
        ["Serial number", drone["uav.serialnumber"]],
        ["Operator's registration", drone["uav.operator_id"]],
        ["Recognised by", drone["uav.match_type"]],
        ["Position", newest && <Position point={newest["uav.telemetry.location"]} />],
        ["Height", newest && newest["uav.telemetry.height"] !== 0 && length(newest["uav.telemetry.height"])],
        [
          "Speed",
          newest &&
            (newest["uav.telemetry.v_north"] || newest["uav.telemetry.v_east"]) &&
            `${speed(Math.hypot(newest["uav.telemetry.v_north"], newest["uav.telemetry.v_east"]))} over ground, ${speed(newest["uav.telemetry.v_up"])} up`,
        ],
        ["Last telemetry", newest && newest["uav.telemetry.timestamp"] > 0 && <Time at={newest["uav.telemetry.timestamp"]} />],
        ["Take-off", <Position key="home" point={drone["uav.telemetry.home_location"]} />],
        ["Operator at", <Position key="operator" point={drone["uav.telemetry.app_location"]} />],
      ]}
    />
  );
}
