import { rate } from "../../parts/numbers";
import { Sparkline } from "../../parts/sparkline";
import type { Row } from "./choice";
import { lastMinute, rateOf, tuning } from "./sensor";
import { Progress, StateMark } from "./statemark";

/** The fleet as cards that can be read across a room: problems first. */
export function Board({ rows, show }: { rows: Row[]; show: (uuid: string) => void }) {
  return (
    <ul className="board" aria-label="Sensors">
      {rows.map(({ sensor, state }) => (
        <li key={sensor.uuid} className={`panel card is-${state.mark || "idle"}`}>
          <button type="button" className="plain name" onClick={() => show(sensor.uuid)}>
            {sensor.name || sensor.uuid}
          </button>
          <StateMark state={state} />
          <Progress sensor={sensor} />
          <span className="rate">
            <strong>{rate(rateOf(sensor))}</strong>
            <Sparkline values={lastMinute(sensor).map(([, value]) => value)} label="Packets of the last minute" width={110} height={26} />
          </span>
          {Boolean(sensor.tunes) && <small className="tuning">{tuning(sensor)}</small>}
        </li>
      ))}
    </ul>
  );
}
