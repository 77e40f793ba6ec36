import { useQuery, useQueryClient } from "@tanstack/react-query";
import { post } from "../../api/client";
import type { Alert } from "../../api/records";
import { useEvent } from "../../live/events";
import { Severity } from "../../parts/severity";
import { Shown } from "../../parts/states";
import { Time } from "../../parts/time";
import type { DeviceRecord } from "./record";

const MOST = 50;
const ADDRESSES = ["transmitter_mac", "source_mac", "dest_mac", "other_mac"] as const;

/** Alerts that name it, of those that the server still has. */
export function DeviceAlerts({ device }: { device: DeviceRecord }) {
  const mac = device["kismet.device.base.macaddr"];
  const deviceKey = device["kismet.device.base.key"];
  const queries = useQueryClient();
  const queryKey = ["device", "alerts", mac];
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const variables = { page: 0, size: MOST, search: mac, sort: "kismet.alert.timestamp", sort_dir: "asc" };
      return (await post<{ data: Alert[] }>("/alerts/alerts_view.json", {}, variables, signal)).data;
    },
  });
  useEvent<Alert>("ALERT", (alert) => {
    if (alert["kismet.alert.device_key"] === deviceKey || ADDRESSES.some((name) => alert[`kismet.alert.${name}`] === mac)) {
      queries.setQueryData<Alert[]>(queryKey, (all) => [alert, ...(all ?? [])].slice(0, MOST));
    }
  });
  const inAll = device["kismet.device.base.num_alerts"];
  return (
    <section className="panel whole" aria-labelledby="alerts">
      <h2 id="alerts">Alerts</h2>
      <Shown query={query}>
        {(alerts) =>
          alerts.length === 0 ? (
            <p className="dim">
              {inAll ? `${inAll} named it, but the server has them no more.` : "None of the alerts that the server has names this device."}
            </p>
          ) : (
            <div className="scroller">
              <table aria-labelledby="alerts">
                <thead>
                  <tr>
                    <th scope="col">Time</th>
                    <th scope="col">Severity</th>
                    <th scope="col">Kind</th>
                    <th scope="col">What happened</th>
                  </tr>
                </thead>
                <tbody>
                  {alerts.map((one) => (
                    <tr key={`${one["kismet.alert.hash"]} ${one["kismet.alert.timestamp"]}`}>
                      <td>
                        <Time at={one["kismet.alert.timestamp"]} />
                      </td>
                      <td>
                        <Severity value={one["kismet.alert.severity"]} />
                      </td>
                      <td>{one["kismet.alert.header"]}</td>
                      <td>
                        <bdi>{one["kismet.alert.text"]}</bdi>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Shown>
    </section>
  );
}
