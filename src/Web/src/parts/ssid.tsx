/** A network's name, or what stands for one that is hidden or that means any. */
export function Ssid({ name, length, any = false }: { name: string; length?: number; any?: boolean }) {
  if (name) {
    return <bdi>{name}</bdi>;
  }
  return <em className="dim">{any ? "any network" : length ? `hidden, ${length} bytes` : "hidden"}</em>;
}
