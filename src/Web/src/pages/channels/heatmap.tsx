import { useEffect, useRef } from "react";
import type { Occupancy } from "../../api/channels";
import { colour, useThemeVersion } from "../../parts/colours";

const ROW_PX = 16;
const LABEL_PX = 64;

/** Channels below each other, time to the right, the more packets the darker. The table beneath it says the same in numbers. */
export function HeatMap({ channels, label }: { channels: Occupancy[]; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useThemeVersion();
  const height = channels.length * ROW_PX;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's colours are read from the page.
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) {
      return;
    }
    const draw = () => {
      const width = element.clientWidth;
      const scale = devicePixelRatio || 1;
      element.width = width * scale;
      element.height = height * scale;
      context.scale(scale, scale);
      context.clearRect(0, 0, width, height);
      const most = Math.max(1, ...channels.flatMap((one) => one.history.map(([, value]) => value)));
      context.font = "12px system-ui, sans-serif";
      context.textBaseline = "middle";
      channels.forEach((one, row) => {
        context.globalAlpha = 1;
        context.fillStyle = colour("--dim");
        context.fillText(one.channel, 0, row * ROW_PX + ROW_PX / 2);
        context.fillStyle = colour("--accent");
        const step = (width - LABEL_PX) / one.history.length;
        one.history.forEach(([, value], i) => {
          if (value > 0) {
            // By its logarithm: a channel with one packet in a thousand is to be seen, too.
            context.globalAlpha = 0.12 + 0.88 * (Math.log1p(value) / Math.log1p(most));
            context.fillRect(LABEL_PX + i * step, row * ROW_PX + 1, Math.max(1, step - 1), ROW_PX - 2);
          }
        });
      });
    };
    draw();
    const watcher = new ResizeObserver(draw);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [channels, height, theme]);
  return <canvas ref={canvas} className="heat" style={{ height }} role="img" aria-label={label} />;
}
