import { wifiChannel } from "../../api/channels";

/** The channel of a frequency by its phy's numbering; empty where it has none. */
export function channelOf(khz: number, phy: string): string {
  const mhz = Math.round(khz / 1000);
  if (phy === "802.15.4") {
    return mhz >= 2405 && mhz <= 2480 && (mhz - 2405) % 5 === 0 ? String((mhz - 2405) / 5 + 11) : "";
  }
  if (phy !== "IEEE802.11") {
    return "";
  }
  const channel = wifiChannel(khz);
  // Its numbers begin anew there.
  return channel && khz > 5_925_000 ? `${channel} (6 GHz)` : channel;
}
