import L from "leaflet";
import { colour } from "../../parts/colours";

/** A plain ground: lines at the edges of tiles, with their degrees. */
export class PlainGrid extends L.GridLayer {
  override createTile(coordinates: L.Coords): HTMLElement {
    const tile = document.createElement("canvas");
    const size = this.getTileSize();
    const scale = devicePixelRatio || 1;
    tile.width = size.x * scale;
    tile.height = size.y * scale;
    const context = tile.getContext("2d");
    if (context) {
      context.scale(scale, scale);
      context.strokeStyle = colour("--line");
      context.strokeRect(0.5, 0.5, size.x, size.y);
      context.beginPath();
      for (const at of [size.x / 4, size.x / 2, (size.x * 3) / 4]) {
        context.moveTo(at, 0);
        context.lineTo(at, size.y);
        context.moveTo(0, at);
        context.lineTo(size.x, at);
      }
      context.globalAlpha = 0.4;
      context.stroke();
      context.globalAlpha = 1;
      context.fillStyle = colour("--dim");
      context.font = "10px system-ui, sans-serif";
      const corner = L.CRS.EPSG3857.pointToLatLng(coordinates.scaleBy(size), coordinates.z);
      const digits = Math.max(0, Math.min(6, Math.round(coordinates.z / 3)));
      context.fillText(`${corner.lat.toFixed(digits)}, ${corner.lng.toFixed(digits)}`, 5, 13);
    }
    return tile;
  }
}
