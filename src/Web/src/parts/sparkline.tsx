import { useEffect, useRef } from "react";
import { colour, useThemeVersion } from "./colours";

/** A history in the size of a word. */
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
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useThemeVersion();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's colours are read from the page.
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) {
      return;
    }
    const scale = devicePixelRatio || 1;
    element.width = width * scale;
    element.height = height * scale;
    context.scale(scale, scale);
    const known = values.filter((value) => value !== 0);
    const low = Math.min(0, ...known);
    const high = Math.max(...known, low + 1);
    context.fillStyle = colour("--accent");
    const step = width / values.length;
    values.forEach((value, i) => {
      if (value !== 0) {
        // Signals are below zero: the stronger, the taller.
        const part = low < 0 ? (value - low + 5) / (Math.max(...known) - low + 5) : value / high;
        const tall = Math.max(1, part * (height - 2));
        context.fillRect(i * step, height - tall, Math.max(1, step - 0.5), tall);
      }
    });
  }, [values, width, height, theme]);
  return <canvas ref={canvas} className="spark" width={width} height={height} role="img" aria-label={label} />;
}
