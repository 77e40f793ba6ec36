import type { ReactNode } from "react";
import { Link } from "wouter";
import { Ssid } from "../../parts/ssid";
import { Time } from "../../parts/time";
import type { AdvertisedSsid, DeviceRecord, ProbedSsid } from "./record";

// A device that asks for thousands is a tool: the newest are enough.
const MOST = 50;

/** Networks that it announces, answers for, and asks for, with how they are protected. */
export function Ssids({ device }: { device: DeviceRecord }) {
  const advertised = newest(device["dot11.device.advertised_ssid_map"] || [], (one) => one["dot11.advertisedssid.last_time"]);
  const responded = newest(device["dot11.device.responded_ssid_map"] || [], (one) => one["dot11.advertisedssid.last_time"]);
  const probed = newest(device["dot11.device.probed_ssid_map"] || [], (one) => one["dot11.probedssid.last_time"]);
  if (advertised.length + responded.length + probed.length === 0) {
    return null;
  }
  return (
    <section className="panel whole" aria-labelledby="ssids">
      <h2 id="ssids">SSIDs and security</h2>
      {advertised.length > 0 && <Announced title="Advertised SSIDs" all={advertised} />}
      {responded.length > 0 && <Announced title="Probe responses" all={responded} />}
      {probed.length > 0 && <Probed all={probed} />}
    </section>
  );
}

function newest<T>(all: T[], timeOf: (one: T) => number): T[] {
  return all.toSorted((a, b) => timeOf(b) - timeOf(a));
}

function Announced({ title, all }: { title: string; all: AdvertisedSsid[] }) {
  return (
    <Listed title={title} total={all.length} heads={["SSID", "Security", "Channel", "Details", "Last seen"]}>
      {all.slice(0, MOST).map((one) => (
        <tr key={`${one["dot11.advertisedssid.ssid_hash"]} ${one["dot11.advertisedssid.crypt_string"]}`}>
          <td>
            <Link href={`/ui/ssids?ssid=${one["dot11.advertisedssid.ssid_hash"]}`}>
              <Ssid name={one["dot11.advertisedssid.ssid"]} length={one["dot11.advertisedssid.ssidlen"]} />
            </Link>
          </td>
          <td>{one["dot11.advertisedssid.crypt_string"]}</td>
          <td>
            {one["dot11.advertisedssid.channel"]} {one["dot11.advertisedssid.ht_mode"]}
          </td>
          <td>
            <bdi>{besides(one)}</bdi>
          </td>
          <td>
            <Time at={one["dot11.advertisedssid.last_time"]} />
          </td>
        </tr>
      ))}
    </Listed>
  );
}

function besides(one: AdvertisedSsid): string {
  const parts = [
    one["dot11.advertisedssid.wpa_mfp_required"]
      ? "MFP (802.11w) required"
      : one["dot11.advertisedssid.wpa_mfp_supported"]
        ? "MFP (802.11w) capable"
        : "",
    one["dot11.advertisedssid.cloaked"] ? "hidden" : "",
    one["dot11.advertisedssid.maxrate"] ? `up to ${one["dot11.advertisedssid.maxrate"]} Mbit/s` : "",
    one["dot11.advertisedssid.beaconrate"] ? `${one["dot11.advertisedssid.beaconrate"]} beacons/s` : "",
    one["dot11.advertisedssid.dot11r_mobility"] ? "fast roaming (802.11r)" : "",
    one["dot11.advertisedssid.dot11e_qbss"]
      ? `${one["dot11.advertisedssid.dot11e_qbss_stations"]} clients, ${Math.round(one["dot11.advertisedssid.dot11e_channel_utilization_perc"] ?? 0)} % busy`
      : "",
    one["dot11.advertisedssid.dot11d_country"] ? `country ${one["dot11.advertisedssid.dot11d_country"].trim()}` : "",
    one["dot11.advertisedssid.beacon_info"] ? `beacon name ${one["dot11.advertisedssid.beacon_info"]}` : "",
    one["dot11.advertisedssid.wps_state"] ? "WPS" : "",
    [one["dot11.advertisedssid.wps_manuf"], one["dot11.advertisedssid.wps_model_name"], one["dot11.advertisedssid.wps_device_name"]]
      .filter(Boolean)
      .join(" "),
  ];
  return parts.filter(Boolean).join(", ");
}

function Probed({ all }: { all: ProbedSsid[] }) {
  return (
    <Listed title="Probed SSIDs" total={all.length} heads={["SSID", "Security", "First seen", "Last seen"]}>
      {all.slice(0, MOST).map((one) => (
        <tr key={`${one["dot11.probedssid.ssid"]} ${one["dot11.probedssid.ssidlen"]} ${one["dot11.probedssid.crypt_string"]}`}>
          <td>
            <Ssid
              name={one["dot11.probedssid.ssid"]}
              length={one["dot11.probedssid.ssidlen"]}
              any={one["dot11.probedssid.ssidlen"] === 0}
            />
          </td>
          <td>{one["dot11.probedssid.crypt_string"]}</td>
          <td>
            <Time at={one["dot11.probedssid.first_time"]} />
          </td>
          <td>
            <Time at={one["dot11.probedssid.last_time"]} />
          </td>
        </tr>
      ))}
    </Listed>
  );
}

function Listed({ title, total, heads, children }: { title: string; total: number; heads: string[]; children: ReactNode }) {
  return (
    <div className="scroller">
      <table>
        <caption>
          {title}{" "}
          {total > MOST && (
            <span className="dim">
              the newest {MOST} of {total}
            </span>
          )}
        </caption>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
