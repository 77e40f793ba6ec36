import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { View } from "../../api/records";
import { brief } from "../../parts/numbers";

const BUILT_IN = ["all", "phydot11_accesspoints"];
const REFRESH_MS = 60_000;

/** Chooses a view: built in, of a phy, of a sensor, or of a user's. */
export function ViewSelect({ view, onChange }: { view: string; onChange: (view: string) => void }) {
  const views = useQuery({
    queryKey: ["views"],
    queryFn: ({ signal }) => get<View[]>("/devices/views/all_views.json", signal),
    refetchInterval: REFRESH_MS,
  });
  const all = views.data ?? [];
  const idOf = (one: View) => one["kismet.devices.view.id"];
  const isOther = (id: string) => !BUILT_IN.includes(id) && !id.startsWith("phy-") && !id.startsWith("seenby-");
  const groups: [string, View[]][] = [
    ["Devices", all.filter((one) => BUILT_IN.includes(idOf(one))).sort((a, b) => BUILT_IN.indexOf(idOf(a)) - BUILT_IN.indexOf(idOf(b)))],
    ["Of users", all.filter((one) => isOther(idOf(one)))],
    ["By phy", all.filter((one) => idOf(one).startsWith("phy-") && (one["kismet.devices.view.size"] > 0 || idOf(one) === view))],
    ["By sensor", all.filter((one) => idOf(one).startsWith("seenby-"))],
  ];
  return (
    <select aria-label="View" value={view} onChange={(event) => onChange(event.target.value)}>
      {!all.some((one) => idOf(one) === view) && <option value={view}>{view === "all" ? "All devices" : view}</option>}
      {groups.map(
        ([name, some]) =>
          some.length > 0 && (
            <optgroup key={name} label={name}>
              {some.map((one) => (
                <option key={idOf(one)} value={idOf(one)}>
                  {one["kismet.devices.view.description"] || idOf(one)} ({brief(one["kismet.devices.view.size"])})
                </option>
              ))}
            </optgroup>
          ),
      )}
    </select>
  );
}
