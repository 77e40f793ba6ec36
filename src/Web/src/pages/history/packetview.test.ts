import { describe, expect, it } from "vitest";
import { hexLines, isOpen, type PacketLayer, placeOf } from "./packetview";

const layer = (name: string, layers: PacketLayer[] = [], error?: string): PacketLayer => ({
  "kismet.packet.layer.name": name,
  "kismet.packet.layer.offset": 2,
  "kismet.packet.layer.length": 3,
  ...(error === undefined ? {} : { "kismet.packet.layer.error": error }),
  "kismet.packet.layer.fields": [],
  "kismet.packet.layer.layers": layers,
});

describe("the hexadecimal view", () => {
  const bytes = Array.from({ length: 20 }, (_, i) => (0x40 + i).toString(16)).join("");
  it("has 16 bytes a line, and the rest", () => {
    const lines = hexLines(bytes, null, 100);
    expect(lines.map((line) => line.offset)).toEqual([0, 16]);
    expect(lines[0]?.hex.join("")).toBe("40 41 42 43 44 45 46 47  48 49 4a 4b 4c 4d 4e 4f ");
    expect(lines[1]?.text.join("")).toBe("PQRS");
  });
  it("marks what was chosen, over the end of a line", () => {
    const lines = hexLines(bytes, { offset: 14, length: 3 }, 100);
    expect(lines[0]?.hex[1]).toBe("4e 4f ");
    expect(lines[1]?.hex).toEqual(["", "50 ", "51 52 53 "]);
    expect(lines[1]?.text).toEqual(["", "P", "QRS"]);
  });
  it("marks nothing where the part is empty", () =>
    expect(hexLines("0041", { offset: 1, length: 0 }, 100)[0]).toEqual({ offset: 0, hex: ["00 41 ", "", ""], text: ["·A", "", ""] }));
  it("ends at a limit", () => expect(hexLines("00".repeat(100), null, 2)).toHaveLength(2));
});

describe("a layer", () => {
  it("has a place, a value may have none", () => {
    expect(placeOf(layer("IPv4"))).toEqual({ offset: 2, length: 3 });
    expect(placeOf({ "kismet.packet.field.name": "Signal", "kismet.packet.field.value": "-40 dBm" })).toBeNull();
    expect(
      placeOf({
        "kismet.packet.field.name": "x",
        "kismet.packet.field.value": "",
        "kismet.packet.field.offset": 0,
        "kismet.packet.field.length": 2,
      }),
    ).toEqual({ offset: 0, length: 2 });
  });
  it("is open where a packet goes on in it, or where something is wrong", () => {
    expect(isOpen(layer("Radiotap header"), 0, 2)).toBe(false);
    expect(isOpen(layer("IEEE 802.11 data", [layer("LLC")]), 0, 2)).toBe(true);
    expect(isOpen(layer("SSID"), 1, 12)).toBe(false);
    expect(isOpen(layer("IPv4"), 2, 1)).toBe(true);
    expect(isOpen(layer("RSN", [], "rsn malformed"), 1, 12)).toBe(true);
    expect(isOpen(layer("A-MSDU subframe", [layer("LLC", [layer("IPv4", [], "ends too early")])]), 1, 3)).toBe(true);
  });
});
