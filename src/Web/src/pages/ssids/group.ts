/** An SSID with what is known of who has it. Networks of one name and different security are different ones. */
export interface SsidGroup {
  hash: number;
  crypt_set: number;
  ssid: string;
  length: number;
  crypt: string;
  first: number;
  last: number;
  advertising: number;
  responding: number;
  probing: number;
}

const PREFIX = "dot11.ssidgroup.";

/** What a row of the list has, and what the server sorts by. */
export const GROUP_FIELDS: [path: string, name: keyof SsidGroup][] = [
  [`${PREFIX}hash`, "hash"],
  [`${PREFIX}crypt_set`, "crypt_set"],
  [`${PREFIX}ssid`, "ssid"],
  [`${PREFIX}ssid_len`, "length"],
  [`${PREFIX}crypt_string`, "crypt"],
  [`${PREFIX}first_time`, "first"],
  [`${PREFIX}last_time`, "last"],
  [`${PREFIX}advertising_devices_len`, "advertising"],
  [`${PREFIX}responding_devices_len`, "responding"],
  [`${PREFIX}probing_devices_len`, "probing"],
];

/** Where an SSID's page is. */
export function pageOf(group: Pick<SsidGroup, "hash" | "crypt_set">): string {
  return `/ui/ssids?ssid=${group.hash}&crypt=${group.crypt_set}`;
}

/** What the server sorts by for a column. */
export function sortOf(column: string): string | undefined {
  return GROUP_FIELDS.find(([, name]) => name === column)?.[0];
}
