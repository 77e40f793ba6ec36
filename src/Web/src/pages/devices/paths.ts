// A record of a busy access point has thousands of values: enough paths to choose from are found long before its end.
const MOST = 2_000;
const DEEPEST = 12;

/**
 * Paths of the values of records, in order. Places in lists and keys of maps are left out, as the server's conditions go through them.
 * @param records Whole records.
 */
export function pathsOf(records: unknown[]): string[] {
  const found = new Set<string>();
  for (const record of records) {
    collect(record, "", 0, found);
  }
  return [...found].sort();
}

function collect(value: unknown, path: string, depth: number, found: Set<string>): void {
  if (found.size >= MOST || depth > DEEPEST) {
    return;
  }
  if (Array.isArray(value)) {
    if (typeof value[0] === "number") {
      // A history: nobody filters by a second of it.
      return;
    }
    for (const one of value.slice(0, 3)) {
      collect(one, path, depth, found);
    }
    return;
  }
  if (typeof value !== "object" || value === null) {
    if (path) {
      found.add(path);
    }
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    collect(inner, isField(name) ? (path ? `${path}/${name}` : name) : path, depth + 1, found);
  }
}

// Names of fields have dots; keys of maps are addresses, numbers, names of tags.
function isField(name: string): boolean {
  return /^(kismet|dot11|bluetooth|btle|uav|802154|wpa|wps)[._]/.test(name);
}
