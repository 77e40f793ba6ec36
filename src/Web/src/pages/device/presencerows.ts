/** Seconds of one entry of presence. */
export const SLOT = 300;

/** Five minutes in which a sensor saw a device, as the server gives them. */
export interface PresenceSlot {
  "kismet.presence.time": number;
  "kismet.presence.source.uuid": string;
  "kismet.presence.source.name": string;
  "kismet.presence.packets": number;
  "kismet.presence.signal": number;
}

/** How strong its signal was; what is not known is none of the others. */
export type Strength = "strong" | "fair" | "weak" | "unknown";

/** A time in which a sensor saw it without a break and equally well. */
export interface Stretch {
  from: number;
  until: number;
  strength: Strength;
  best: number;
  packets: number;
}

/** What one sensor saw. */
export interface PresenceRow {
  uuid: string;
  name: string;
  seconds: number;
  best: number;
  stretches: Stretch[];
}

/** A signal in words. */
export function strengthOf(dbm: number): Strength {
  return dbm === 0 ? "unknown" : dbm >= -60 ? "strong" : dbm >= -75 ? "fair" : "weak";
}

const louder = (one: number, other: number) => (one === 0 ? other : other === 0 ? one : Math.max(one, other));

/** A row for each sensor, which saw it longest first; the slots are in order of time. */
export function rowsOf(slots: PresenceSlot[]): PresenceRow[] {
  const rows = new Map<string, PresenceRow>();
  for (const slot of slots) {
    const uuid = slot["kismet.presence.source.uuid"];
    const time = slot["kismet.presence.time"];
    const dbm = slot["kismet.presence.signal"];
    let row = rows.get(uuid);
    if (!row) {
      row = { uuid, name: slot["kismet.presence.source.name"] || "a sensor that is gone", seconds: 0, best: 0, stretches: [] };
      rows.set(uuid, row);
    }
    row.seconds += SLOT;
    row.best = louder(row.best, dbm);
    const last = row.stretches.at(-1);
    const strength = strengthOf(dbm);
    if (last && last.until === time && last.strength === strength) {
      last.until += SLOT;
      last.best = louder(last.best, dbm);
      last.packets += slot["kismet.presence.packets"];
    } else {
      row.stretches.push({ from: time, until: time + SLOT, strength, best: dbm, packets: slot["kismet.presence.packets"] });
    }
  }
  return [...rows.values()].sort((a, b) => b.seconds - a.seconds || a.name.localeCompare(b.name));
}

/** A time in words, in whole minutes. */
export function lasting(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
