import { useAlertDefinitions, useAlerts } from "../../api/queries";
import type { Alert } from "../../api/records";
import { Choice } from "../../parts/choice";
import { count } from "../../parts/numbers";
import { SEVERITIES, severityOf } from "../../parts/severity";
import { Empty, Shown } from "../../parts/states";
import { useUrl } from "../../parts/urlstate";
import { AlertList } from "./alertlist";
import { AlertTimeline } from "./alerttimeline";
import { Definitions } from "./definitions";
import { Incidents } from "./incidents";

/** What was noticed, when, what it means, and what is looked for. */
export default function AlertsPage() {
  const [tab, setTab] = useUrl<"list" | "incidents" | "definitions">("tab", "list");
  return (
    <>
      <div className="head">
        <h1>Alerts</h1>
        <Choice
          label="Show"
          value={tab}
          onChange={setTab}
          options={[
            ["list", "Raised"],
            ["incidents", "Incidents"],
            ["definitions", "What is looked for"],
          ]}
        />
      </div>
      {tab === "list" ? <Raised /> : tab === "incidents" ? <Incidents /> : <Definitions />}
    </>
  );
}

function Raised() {
  const query = useAlerts();
  const definitions = useAlertDefinitions();
  const [severity, setSeverity] = useUrl<string>("severity", "all");
  const [search, setSearch] = useUrl<string>("search", "");
  return (
    <Shown query={query}>
      {(alerts) => {
        const shown = alerts.filter(
          (one) => (severity === "all" || severityOf(one["kismet.alert.severity"]).className === severity) && mentions(one, search),
        );
        return (
          <div className="stack">
            <div className="controls">
              <label>
                Severity{" "}
                <select value={severity} onChange={(event) => setSeverity(event.target.value)}>
                  <option value="all">all</option>
                  {SEVERITIES.map(({ name, className }) => (
                    <option key={className} value={className}>
                      {name}
                    </option>
                  ))}
                </select>
              </label>
              <input
                type="search"
                aria-label="Search"
                placeholder="Search"
                value={search}
                onChange={(event) => setSearch(event.target.value)}
              />
              <span className="dim">
                {count(shown.length)} of the newest {count(alerts.length)}
              </span>
            </div>
            {alerts.length === 0 ? (
              <Empty title="No alerts">New alerts appear here by themselves.</Empty>
            ) : (
              <>
                <section className="panel" aria-label="When">
                  <AlertTimeline alerts={shown} />
                </section>
                <AlertList alerts={shown} definitions={definitions.data ?? []} />
              </>
            )}
          </div>
        );
      }}
    </Shown>
  );
}

function mentions(alert: Alert, search: string): boolean {
  const text = [
    alert["kismet.alert.header"],
    alert["kismet.alert.text"],
    alert["kismet.alert.class"],
    alert["kismet.alert.source_mac"],
    alert["kismet.alert.dest_mac"],
    alert["kismet.alert.transmitter_mac"],
    alert["kismet.alert.other_mac"],
  ].join("\n");
  return text.toLowerCase().includes(search.toLowerCase());
}
