import { useMemo, useState } from "react";
import { Dialog } from "../../parts/dialog";
import { byteSize, count } from "../../parts/numbers";
import { Shown } from "../../parts/states";
import { Time } from "../../parts/time";
import {
  BYTES_A_LINE,
  hexLines,
  isOpen,
  type PacketField,
  type PacketLayer,
  type PacketView,
  type Place,
  placeOf,
  usePacket,
} from "./packetview";

// Of 16 bytes. Frames are shorter; a longer packet is shown whole on request.
const FIRST_LINES = 256;

/** One packet: its layers as a tree, and its bytes, in which what is chosen in the tree is marked. */
export function PacketDialog({ id, sensors, close }: { id: string; sensors: Map<string, string> | undefined; close: () => void }) {
  const query = usePacket(id);
  return (
    <Dialog title="Packet" close={close}>
      <div className="packet-view">
        <Shown query={query}>{(view) => <Parts key={id} view={view} sensors={sensors} />}</Shown>
      </div>
    </Dialog>
  );
}

function Parts({ view, sensors }: { view: PacketView; sensors: Map<string, string> | undefined }) {
  const [chosen, setChosen] = useState<Place | null>(null);
  const bytes = view["kismet.packet.view.bytes"];
  const error = view["kismet.packet.view.error"];
  const { "kismet.packet.timestamp": time, "kismet.packet.datasource": sensor } = view["kismet.packet.view.packet"];
  return (
    <>
      <p className="dim">
        <Time at={time} />, {byteSize(bytes.length / 2)}, seen by {sensors?.get(sensor.toUpperCase()) ?? sensor}
      </p>
      {error && (
        <p className="wrong" role="alert">
          {error}
        </p>
      )}
      {bytes.length > 0 && (
        <div className="packet-parts">
          <section className="packet-tree" aria-label="Layers">
            <Layers layers={view["kismet.packet.view.layers"]} depth={0} chosen={chosen} choose={setChosen} />
          </section>
          <Bytes bytes={bytes} chosen={chosen} />
        </div>
      )}
    </>
  );
}

interface Choice {
  depth: number;
  chosen: Place | null;
  choose: (place: Place | null) => void;
}

function Layers({ layers, depth, chosen, choose }: { layers: PacketLayer[] } & Choice) {
  return layers.map((layer) => (
    <Layer
      key={`${layer["kismet.packet.layer.offset"]} ${layer["kismet.packet.layer.name"]}`}
      layer={layer}
      siblings={layers.length}
      depth={depth}
      chosen={chosen}
      choose={choose}
    />
  ));
}

function Layer({ layer, siblings, depth, chosen, choose }: { layer: PacketLayer; siblings: number } & Choice) {
  const [open, setOpen] = useState(() => isOpen(layer, depth, siblings));
  const error = layer["kismet.packet.layer.error"];
  return (
    <details open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the browser's own way to open it is kept; the bytes are marked besides. */}
      <summary className={isSame(placeOf(layer), chosen) ? "chosen" : ""} onClick={() => choose(placeOf(layer))}>
        {layer["kismet.packet.layer.name"]}
        {error && <span className="wrong"> ({error})</span>}
        <span className="dim"> {count(layer["kismet.packet.layer.length"])} B</span>
      </summary>
      {/* What is closed costs nothing: a packet may have a thousand layers. */}
      {open && (
        <div className="packet-inside">
          <ul>
            {layer["kismet.packet.layer.fields"].map((field, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a packet never changes, and names repeat.
              <Field key={i} field={field} chosen={chosen} choose={choose} />
            ))}
          </ul>
          <Layers layers={layer["kismet.packet.layer.layers"]} depth={depth + 1} chosen={chosen} choose={choose} />
        </div>
      )}
    </details>
  );
}

function Field({ field, chosen, choose }: { field: PacketField } & Omit<Choice, "depth">) {
  const place = placeOf(field);
  const text = (
    <>
      <span className="dim">{field["kismet.packet.field.name"]}</span> {field["kismet.packet.field.value"]}
    </>
  );
  return (
    <li>
      {place ? (
        <button type="button" className="plain" aria-pressed={isSame(place, chosen)} onClick={() => choose(place)}>
          {text}
        </button>
      ) : (
        <span className="nowhere">{text}</span>
      )}
    </li>
  );
}

function isSame(one: Place | null, other: Place | null) {
  return one !== null && other !== null && one.offset === other.offset && one.length === other.length;
}

function Bytes({ bytes, chosen }: { bytes: string; chosen: Place | null }) {
  const [all, setAll] = useState(false);
  const lines = useMemo(() => hexLines(bytes, chosen, all ? Number.POSITIVE_INFINITY : FIRST_LINES), [bytes, chosen, all]);
  const rest = bytes.length / 2 - FIRST_LINES * BYTES_A_LINE;
  return (
    <section className="packet-bytes" aria-label="Bytes">
      <pre>
        {lines.map((line) => (
          <div key={line.offset}>
            <span className="dim">{line.offset.toString(16).padStart(4, "0")} </span>
            <span className="hex">
              {line.hex[0]}
              {line.hex[1] && <mark>{line.hex[1]}</mark>}
              {line.hex[2]}
            </span>
            <span className="text">
              {line.text[0]}
              {line.text[1] && <mark>{line.text[1]}</mark>}
              {line.text[2]}
            </span>
          </div>
        ))}
      </pre>
      {rest > 0 && !all && (
        <button type="button" onClick={() => setAll(true)}>
          Show the other {count(rest)} bytes
        </button>
      )}
    </section>
  );
}
