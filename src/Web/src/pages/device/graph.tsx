import { Link } from "wouter";
import { signal } from "../../parts/numbers";
import { layOut, type Place } from "./graphlayout";

/** A device in the graph. */
export interface Node {
  key: string;
  name: string;
  type: string;
  packets: number;
  signal: number;
}

const LONGEST_NAME = 30;

/** A device in the middle and those that it talks to around it; each is a link. */
export function Graph({
  hub,
  nodes,
  label,
  isNarrow,
}: {
  hub: { name: string; type: string };
  nodes: Node[];
  label: string;
  isNarrow: boolean;
}) {
  const { width, height, hub: middle, places } = layOut(nodes.length, isNarrow);
  const most = Math.max(...nodes.map((one) => one.packets), 1);
  return (
    <svg className="graph" viewBox={`0 0 ${width} ${height}`} aria-label={label}>
      {nodes.map((node, i) => {
        const place = places[i] as Place;
        const bend = (place.x + middle.x) / 2;
        return (
          <path
            key={node.key}
            className="edge"
            d={`M${middle.x},${middle.y} C${bend},${middle.y} ${bend},${place.y} ${place.x},${place.y}`}
            strokeWidth={1 + (3 * Math.log1p(node.packets)) / Math.log1p(most)}
          />
        );
      })}
      <g>
        <circle className={`node hub ${kindOf(hub.type)}`} cx={middle.x} cy={middle.y} r={15} />
        {!isNarrow && (
          <text className="name" x={middle.x} y={middle.y + 32} textAnchor="middle">
            {short(hub.name)}
          </text>
        )}
      </g>
      {nodes.map((node, i) => {
        const place = places[i] as Place;
        const away = place.side === "left" ? -14 : 14;
        return (
          <Link key={node.key} href={`/ui/device/${node.key}`} aria-label={`${node.name}, ${node.type}, ${node.packets} packets`}>
            <rect
              className="target"
              x={place.side === "left" ? 0 : place.x - 12}
              y={place.y - 12}
              width={isNarrow ? 230 : 270}
              height={24}
              rx={6}
            />
            <circle className={`node ${kindOf(node.type)}`} cx={place.x} cy={place.y} r={7} />
            <text className="name" x={place.x + away} y={place.y + 4} textAnchor={place.side === "left" ? "end" : "start"}>
              {short(node.name)}
              <tspan className="dim"> {node.signal ? signal(node.signal) : ""}</tspan>
            </text>
          </Link>
        );
      })}
    </svg>
  );
}

function kindOf(type: string): string {
  return /AP/.test(type) ? "ap" : /Bridged/.test(type) ? "wired" : "client";
}

// By characters, not by halves of them; what turns the direction of writing would turn its neighbours, too.
function short(name: string): string {
  const all = [...name.replaceAll(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, "")];
  return all.length > LONGEST_NAME ? `${all.slice(0, LONGEST_NAME - 1).join("")}…` : all.join("");
}
