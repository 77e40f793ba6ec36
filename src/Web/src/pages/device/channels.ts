/** The channel of a frequency by its phy's numbering; empty where it has none. */
export function channelOf(khz: number, phy: string): string {
  const mhz = Math.round(khz / 1000);
  if (phy === "802.15.4") {
    return mhz >= 2405 && mhz <= 2480 && (mhz - 2405) % 5 === 0 ? String((mhz - 2405) / 5 + 11) : "";
  }
  if (phy !== "IEEE802.11") {
    return "";
  }
  if (mhz === 2484) {
    return "14";
  }
  if (mhz >= 2412 && mhz <= 2472) {
    return String((mhz - 2407) / 5);
  }
  if (mhz >= 5160 && mhz <= 5900) {
    return String((mhz - 5000) / 5);
  }
  if (mhz === 5935) {
    return "2 (6 GHz)";
  }
  return mhz >= 5955 && mhz <= 7115 ? `${(mhz - 5950) / 5} (6 GHz)` : "";
}
