import type { SortingState } from "@tanstack/react-table";
import { useMemo } from "react";
import { ActionButton } from "../../parts/form";
import { type ListColumn, ListTable } from "../../parts/listtable";
import { brief, byteSize, rate } from "../../parts/numbers";
import { Sparkline } from "../../parts/sparkline";
import type { Row } from "./choice";
import { order, ordersOf } from "./commands";
import { isPhone, lastMinute, rateOf, tuning } from "./sensor";
import { skew } from "./state";
import { Progress, StateMark } from "./statemark";

/** The fleet as a table: problems first, unless another order is chosen. */
export function Fleet({
  rows,
  show,
  sort,
  onSort,
  refresh,
}: {
  rows: Row[];
  show: (uuid: string) => void;
  /** `column` or `-column`; none for problems first. */
  sort: string | null;
  onSort: (sort: string | null) => void;
  refresh: () => Promise<void>;
}) {
  const columns = useMemo(() => columnsOf(show, refresh), [show, refresh]);
  const sorting: SortingState = sort ? [{ id: sort.replace(/^-/, ""), desc: sort.startsWith("-") }] : [];
  return (
    <div className="panel fleet">
      <ListTable
        label="Sensors"
        rows={rows}
        columns={columns}
        idOf={(row) => row.sensor.uuid}
        sort={sorting}
        onSort={([first]) => onSort(first ? (first.desc ? "-" : "") + first.id : null)}
        rowClass={({ state }) => (state.isProblem ? `problem is-${state.mark}` : undefined)}
        empty={null}
      />
    </div>
  );
}

function columnsOf(show: (uuid: string) => void, refresh: () => Promise<void>): ListColumn<Row>[] {
  return [
    {
      id: "name",
      header: "Sensor",
      accessorFn: ({ sensor }) => sensor.name.toLowerCase(),
      cell: ({ row: { original } }) => (
        <button type="button" className="plain name" onClick={() => show(original.sensor.uuid)} title={original.sensor.interface}>
          {original.sensor.name || original.sensor.uuid}
        </button>
      ),
    },
    {
      id: "state",
      header: "State",
      accessorFn: ({ state }) => state.rank,
      cell: ({ row: { original } }) => (
        <>
          <StateMark state={original.state} />
          <Progress sensor={original.sensor} />
        </>
      ),
    },
    {
      id: "rate",
      header: "Packets/s",
      sortDescFirst: true,
      accessorFn: ({ sensor }) => rateOf(sensor),
      cell: ({ row: { original } }) => (
        <span className="rate">
          <Sparkline
            width={60}
            values={lastMinute(original.sensor).map(([, value]) => value)}
            label={`Packets of the last minute: ${rate(rateOf(original.sensor))} now`}
          />
          {rate(rateOf(original.sensor))}
        </span>
      ),
    },
    {
      id: "channel",
      header: "Channel",
      accessorFn: ({ sensor }) => tuning(sensor),
      cell: ({ row: { original } }) => (
        <span className="tuning" title={tuning(original.sensor)}>
          {tuning(original.sensor)}
        </span>
      ),
    },
    {
      id: "drops",
      header: "Dropped",
      sortDescFirst: true,
      accessorFn: ({ sensor }) => sensor.dropped,
      cell: ({ row: { original } }) => lost(original, original.sensor.dropped),
    },
    {
      id: "queue",
      header: "Queue",
      sortDescFirst: true,
      accessorFn: ({ sensor }) => sensor.spoolBytes,
      cell: ({ row: { original } }) => (hasAgent(original) ? queue(original.sensor.spoolBatches, original.sensor.spoolBytes) : "–"),
    },
    {
      id: "lost",
      header: "Lost",
      sortDescFirst: true,
      accessorFn: ({ sensor }) => sensor.spoolLost,
      cell: ({ row: { original } }) => lost(original, original.sensor.spoolLost),
    },
    {
      id: "clock",
      header: "Clock",
      sortDescFirst: true,
      accessorFn: ({ sensor }) => Math.abs(sensor.clockSkew),
      cell: ({ row: { original } }) => (hasAgent(original) ? skew(original.sensor.clockSkew).replace(" ahead of", " ahead") : "–"),
    },
    {
      id: "do",
      header: "",
      enableSorting: false,
      accessorFn: ({ state }) => state.id,
      cell: ({ row: { original } }) => <FirstOrder row={original} refresh={refresh} />,
    },
  ];
}

/** The order that is wanted most often; the others stand in the dialogue. */
function FirstOrder({ row: { sensor, state }, refresh }: { row: Row; refresh: () => Promise<void> }) {
  // What has ended is seldom wanted closed.
  const first = state.id === "ended" ? undefined : ordersOf(sensor, state.id)[0];
  return first ? (
    <ActionButton
      aria-label={`${first.name} ${sensor.name}`}
      action={async () => {
        await order(sensor, first.order);
        await refresh();
      }}
    >
      {first.name}
    </ActionButton>
  ) : null;
}

function hasAgent({ sensor }: Row): boolean {
  return Boolean(sensor.remote) && !isPhone(sensor);
}

function lost(row: Row, value: number) {
  return hasAgent(row) ? <span className={value > 0 ? "wrong" : ""}>{brief(value)}</span> : "–";
}

function queue(batches: number, bytes: number): string {
  return batches === 0 ? "empty" : `${batches} · ${byteSize(bytes)}`;
}
