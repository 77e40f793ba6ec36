import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { ApiError } from "../../api/client";
import { byteSize, count } from "../../parts/numbers";
import { Failed, Loading } from "../../parts/states";
import { useUrlState } from "../../parts/urlstate";
import { fileOf, serverFilter } from "./filter";
import { FilterForm } from "./filterform";
import { Histogram } from "./histogram";
import "./history.css";
import { Logs, StartLog } from "./logs";
import { PacketDialog } from "./packetdialog";
import { PacketList } from "./packetlist";
import { useHistogram, usePacketLog, useSensorNames } from "./packets";

/** The packets of the past, as far as they were logged. */
export default function HistoryPage() {
  const [url, change] = useUrlState();
  // Times before now hold still until somebody asks again.
  const [now, setNow] = useState(() => Math.floor(Date.now() / 1000));
  const filter = useMemo(() => serverFilter(url, now), [url, now]);
  const log = usePacketLog();
  const histogram = useHistogram(filter, log.data?.["kismet.packetlog.open"] === 1);
  const sensors = useSensorNames();
  const queries = useQueryClient();
  // A log that was stopped in the meantime is told by its answer.
  const noLog = log.data?.["kismet.packetlog.open"] === 0 || (histogram.error instanceof ApiError && histogram.error.status === 404);
  const packet = url.get("packet");
  const again = () => {
    setNow(Math.floor(Date.now() / 1000));
    void queries.invalidateQueries({ queryKey: ["packet-log"] });
    void queries.invalidateQueries({ queryKey: ["packet-histogram"] });
    void queries.invalidateQueries({ queryKey: ["packet-list"] });
  };
  return (
    <>
      <div className="head">
        <h1>History</h1>
        {histogram.data && (
          <div className="row right">
            {log.data && (
              <span className="muted">
                {count(log.data["kismet.packetlog.packets"])} packets, {byteSize(log.data["kismet.packetlog.bytes"])}
              </span>
            )}
            <button type="button" onClick={again}>
              Look again
            </button>
            <a className="button" href={fileOf(filter)} download>
              Download pcapng
            </a>
          </div>
        )}
      </div>
      {noLog ? (
        <StartLog started={again} />
      ) : (
        <>
          <FilterForm url={url} now={now} sensors={sensors.data} change={change} />
          {histogram.data ? (
            <div className={histogram.isPlaceholderData ? "history-old" : ""} aria-busy={histogram.isPlaceholderData}>
              <Histogram data={histogram.data} url={url} change={change} />
              {histogram.data["kismet.histogram.total"] > 0 && <PacketList filter={filter} sensors={sensors.data} />}
            </div>
          ) : (log.error ?? histogram.error) ? (
            <Failed error={log.error ?? histogram.error} again={again} />
          ) : (
            <Loading what="Counting packets" />
          )}
        </>
      )}
      <Logs changed={again} />
      {packet && <PacketDialog id={packet} sensors={sensors.data} close={() => change({ packet: null })} />}
    </>
  );
}
