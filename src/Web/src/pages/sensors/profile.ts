import type { Sensor } from "./sensor";

/** What the server sets for agents. */
export interface Profile {
  "kismet.profile.name": string;
  "kismet.profile.version": number;
  "kismet.profile.changed": number;
  "kismet.profile.sites": string[];
  "kismet.profile.sensors": string[];
  "kismet.profile.sources": string[];
  "kismet.profile.gps": string;
  "kismet.profile.spool_bytes": number;
}

/** One agent, and what it made of profiles. */
export interface Agent {
  id: string;
  name: string;
  site: string;
  profile: string;
  version: number;
  state: string;
  error: string;
}

/** The agents of sensors, each once: its sources say the same. Those with errors come first. */
export function agentsOf(sensors: Sensor[]): Agent[] {
  const agents = new Map<string, Agent>();
  for (const one of sensors) {
    // Two hosts may go by one name.
    const id = `${one.agent}\n${one.site || ""}\n${one.remoteIp}`;
    if (one.agent && (one.running || !agents.has(id))) {
      agents.set(id, {
        id,
        name: one.agent,
        site: one.site || "",
        profile: one.profile || "",
        version: one.profileVersion,
        state: one.profileState || "none",
        error: one.profileError || "",
      });
    }
  }
  return [...agents.values()].sort((a, b) => Number(!a.error) - Number(!b.error) || a.name.localeCompare(b.name));
}

/** For whom a profile is, in words. */
export function whom(profile: Profile): string {
  const sites = profile["kismet.profile.sites"];
  const sensors = profile["kismet.profile.sensors"];
  const parts = [sensors.length > 0 && `agents ${sensors.join(", ")}`, sites.length > 0 && `sites ${sites.join(", ")}`].filter(Boolean);
  return parts.join(" of ") || "all agents";
}

/** What is separated by commas. */
export function words(text: string): string[] {
  return text
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);
}

/** What stands on lines of its own. */
export function lines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((one) => one.trim())
    .filter(Boolean);
}
