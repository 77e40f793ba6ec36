/** A text as one word of a POSIX shell, whatever is in it. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A definition of a source: an option's value with a comma or a colon stands in quotes, and can have none itself. */
export function definition(source: string, name: string): string {
  if (!name) {
    return source;
  }
  return `${source}:name=${/^[\w.-]+$/.test(name) ? name : `"${name.replaceAll('"', "")}"`}`;
}

/** The command that starts a capture agent. */
export function agentCommand(server: string, key: string, source: string, name: string, uuid: string): string {
  return [
    `KISMET_KEY=${shellWord(key)} KismetOrleans.Capture`,
    `--server ${shellWord(server)}`,
    `-c ${shellWord(definition(source, name))}`,
    ...(uuid ? [`--uuid ${uuid}`] : []),
    "--spool /var/lib/kismetorleans/spool",
  ].join(" \\\n  ");
}

/** The command by which a sensor joins, and captures. */
export function joinCommand(server: string, token: string, source: string, name: string): string {
  return [
    // The # begins a comment in a shell, and shellWord knows.
    `KismetOrleans.Capture --join ${shellWord(`${server}#${token}`)}`,
    ...(name ? [`--name ${shellWord(name)}`] : []),
    `-c ${shellWord(definition(source, name))}`,
  ].join(" \\\n  ");
}

/** The request that posts a list of what a phone saw, with one network in it as an example. */
export function reportCommand(server: string, key: string, name: string, uuid: string): string {
  const report = {
    source_uuid: uuid,
    source_name: name,
    reports: [
      { bssid: "02:00:00:00:00:01", ssid: "Example", signal: -50, freqkhz: 2412000, channel: "1", capabilities: "[WPA2-PSK-CCMP][ESS]" },
    ],
  };
  return [
    `curl -H ${shellWord(`Authorization: Bearer ${key}`)}`,
    shellWord(`${server}/phy/phy80211/scan/scan_report.cmd`),
    `--data-urlencode ${shellWord(`json=${JSON.stringify(report)}`)}`,
  ].join(" \\\n  ");
}

/** A random UUID (RFC 9562, version 4); crypto.randomUUID is missing where a page comes over plain http. */
export function newUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const text = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
