import { useState } from "react";
import { Choices } from "../../parts/choices";
import { ActionForm, Labelled } from "../../parts/form";
import { useNotices } from "../../shell/notices";
import { readChannels, tune } from "./commands";
import type { Sensor } from "./sensor";

const MOST_HOPS = 100;
// Those of 2.4 GHz that do not overlap.
const APART = ["1", "6", "11"];

/** Tells a radio which channel to stay on, or which to hop over, how fast, and in which order. */
export function Tuner({ sensor, refresh }: { sensor: Sensor; refresh: () => Promise<void> }) {
  const { tell } = useNotices();
  const [hops, setHops] = useState(Boolean(sensor.hopping));
  const known = sensor.channels || [];
  const [list, setList] = useState((sensor.hopChannels || []).join(", ") || known.join(", "));
  return (
    <fieldset className="tuner">
      <legend>Channels</legend>
      <Choices label="Tuning">
        <button type="button" aria-pressed={!hops} onClick={() => setHops(false)}>
          Stay on one
        </button>
        <button type="button" aria-pressed={hops} disabled={!sensor.hops} onClick={() => setHops(true)}>
          Hop
        </button>
      </Choices>
      <ActionForm
        submit={hops ? "Hop" : "Tune"}
        action={async (data) => {
          if (hops) {
            await tune(sensor, { channels: readChannels(list), hoprate: Number(data.get("rate")), shuffle: data.get("shuffle") !== null });
          } else {
            await tune(sensor, { channel: String(data.get("channel")) });
          }
          tell("good", `${sensor.name}: done`);
          await refresh();
        }}
      >
        {hops ? (
          <>
            <Labelled label="Channels, in their order" hint={`It can: ${known.join(" ")}`}>
              <textarea value={list} rows={2} required onChange={(event) => setList(event.target.value)} />
            </Labelled>
            <div className="row">
              <button type="button" onClick={() => setList(known.join(", "))}>
                All {known.length}
              </button>
              {APART.every((one) => known.includes(one)) && (
                <button type="button" onClick={() => setList(APART.join(", "))}>
                  {APART.join(", ")}
                </button>
              )}
            </div>
            <Labelled label="Channels a second">
              <input name="rate" type="number" min="0.01" max={MOST_HOPS} step="any" required defaultValue={sensor.hopRate || 5} />
            </Labelled>
            <label className="row">
              <input name="shuffle" type="checkbox" defaultChecked={Boolean(sensor.hopShuffle)} /> In mixed order
            </label>
          </>
        ) : (
          <Labelled label="Channel">
            <select name="channel" defaultValue={sensor.channel}>
              {known.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </Labelled>
        )}
      </ActionForm>
    </fieldset>
  );
}
