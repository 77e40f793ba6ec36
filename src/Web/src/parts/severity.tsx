// Kismet's scale: 0 information, 5 low, 10 medium, 15 high, 20 critical.
const NAMES: [least: number, name: string, className: string][] = [
  [20, "Critical", "critical"],
  [15, "High", "high"],
  [10, "Medium", "medium"],
  [5, "Low", "low"],
  [0, "Info", "info"],
];

/** The names of the severities, most severe first. */
export const SEVERITIES = NAMES.map(([least, name, className]) => ({ least, name, className }));

/** Whether somebody should be told at once. */
export function isSevere(severity: number): boolean {
  return severity >= 10;
}

/** Name of a severity. */
export function severityOf(severity: number): (typeof SEVERITIES)[number] {
  const found = SEVERITIES.find((one) => severity >= one.least);
  return found ?? { least: 0, name: "Info", className: "info" };
}

/** A severity as a coloured word. */
export function Severity({ value }: { value: number }) {
  const { name, className } = severityOf(value);
  return <span className={`severity ${className}`}>{name}</span>;
}
