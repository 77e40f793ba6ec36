import { useMemo } from "react";
import { BANDS, type Occupancy, occupancy } from "../../api/channels";
import { useChannels } from "../../api/queries";
import type { Span } from "../../api/records";
import { TimeChart } from "../../parts/chart";
import { Choice } from "../../parts/choice";
import { type ListColumn, ListTable } from "../../parts/listtable";
import { brief, byteSize, count, frequency } from "../../parts/numbers";
import { Sparkline } from "../../parts/sparkline";
import { Empty, Shown } from "../../parts/states";
import { useUrl } from "../../parts/urlstate";
import { HeatMap } from "./heatmap";

const SPANS = [
  ["minute", "Minute"],
  ["hour", "Hour"],
  ["day", "Day"],
] as const;

const COLUMNS: ListColumn<Occupancy>[] = [
  { id: "channel", header: "Channel", accessorFn: (one) => one.khz, cell: ({ row }) => <strong>{row.original.channel}</strong> },
  { id: "frequency", header: "Frequency", enableSorting: false, cell: ({ row }) => frequency(row.original.khz) },
  { id: "packets", header: "Packets", accessorFn: (one) => one.packets, cell: ({ row }) => count(Math.round(row.original.packets)) },
  { id: "bytes", header: "Data", accessorFn: (one) => one.bytes, cell: ({ row }) => byteSize(row.original.bytes) },
  {
    id: "history",
    header: "Packets over time",
    enableSorting: false,
    cell: ({ row }) => (
      <Sparkline
        values={row.original.history.map(([, value]) => value)}
        label={`Packets on ${row.original.channel} over time`}
        width={180}
      />
    ),
  },
];

/** How full the air is, by band and channel, over time. */
export default function ChannelsPage() {
  const query = useChannels();
  const [span, setSpan] = useUrl<Span>("span", "hour");
  const uses = query.data;
  const bands = useMemo(() => {
    const now = Math.floor(Date.now() / 1000);
    return uses
      ? BANDS.map((band) => ({ band, channels: occupancy(uses, band, span, now) })).filter(({ channels }) => channels.length > 0)
      : [];
  }, [uses, span]);
  return (
    <>
      <div className="head">
        <h1>Channels</h1>
        <Choice label="Time span" value={span} options={SPANS} onChange={setSpan} />
      </div>
      <Shown query={query}>
        {() =>
          bands.length === 0 ? (
            <Empty title="Nothing was seen yet">Channels appear with their first packet.</Empty>
          ) : (
            <div className="grid">
              <section className="panel whole" aria-label="Bands">
                <h2>Packets by band</h2>
                <BandChart bands={bands} />
              </section>
              {bands.map(({ band, channels }) => (
                <section key={band.name} className="panel whole" aria-label={band.name}>
                  <h2>{band.name}</h2>
                  <HeatMap channels={channels} label={`${band.name}: packets by channel and time`} />
                  <ListTable
                    rows={channels}
                    columns={COLUMNS}
                    label={`Channels, ${band.name}`}
                    idOf={(one) => String(one.khz)}
                    sort={[{ id: "channel", desc: false }]}
                    empty={null}
                  />
                </section>
              ))}
            </div>
          )
        }
      </Shown>
    </>
  );
}

function BandChart({ bands }: { bands: { band: { name: string }; channels: Occupancy[] }[] }) {
  const times = bands[0]?.channels[0]?.history.map(([time]) => time) ?? [];
  const series = bands.map(({ band, channels }) => ({
    label: band.name,
    values: times.map((_, i) => channels.reduce((sum, one) => sum + (one.history[i]?.[1] ?? 0), 0)),
  }));
  return <TimeChart label="Packets a second by band over time" times={times} series={series} format={(value) => `${brief(value)}/s`} />;
}
