import { Link } from "wouter";

const NOBODY = "00:00:00:00:00:00";
const EVERYBODY = "FF:FF:FF:FF:FF:FF";

/** Addresses with their roles, each once under its first, with a way to its devices. */
export function Addresses({ of }: { of: (readonly [role: string, mac: string])[] }) {
  const found = new Map<string, string>();
  for (const [role, mac] of of) {
    if (mac !== NOBODY && mac !== EVERYBODY && !found.has(mac)) {
      found.set(mac, role);
    }
  }
  return [...found].map(([mac, role]) => (
    <div key={mac} className="stamp">
      <Link className="mono" href={`/ui/devices?q=${encodeURIComponent(mac)}`}>
        {mac}
      </Link>{" "}
      <small>{role}</small>
    </div>
  ));
}
