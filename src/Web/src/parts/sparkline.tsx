/** A history in the size of a word. Vectors, not a canvas: a list has a hundred of them, and each canvas is a picture of its own to the browser. */
export function Sparkline({
  values,
  label,
  width = 90,
  height = 20,
}: {
  values: number[];
  label: string;
  width?: number;
  height?: number;
}) {
  return (
    <svg className="spark" width={width} height={height} role="img" aria-label={label}>
      <path d={bars(values, width, height)} />
    </svg>
  );
}

function bars(values: number[], width: number, height: number): string {
  const known = values.filter((value) => value !== 0);
  const low = Math.min(0, ...known);
  const most = Math.max(...known);
  const high = Math.max(most, low + 1);
  const step = width / values.length;
  const wide = Math.max(1, step - 0.5).toFixed(1);
  let path = "";
  values.forEach((value, i) => {
    if (value !== 0) {
      // Signals are below zero: the stronger, the taller.
      const part = low < 0 ? (value - low + 5) / (most - low + 5) : value / high;
      const tall = Math.max(1, part * (height - 2)).toFixed(1);
      path += `M${(i * step).toFixed(1)} ${height}v-${tall}h${wide}v${tall}z`;
    }
  });
  return path;
}
