import { describe, expect, it } from "vitest";
import { absolute, brushed, fileOf, fromInput, isFiltered, rangeOf, serverFilter, toInput } from "./filter";

const NOW = 1_800_000_000;
const url = (parts: Record<string, string>) => new URLSearchParams(parts);

describe("the server's filters", () => {
  it("are none where the address says nothing", () => expect(serverFilter(url({}), NOW)).toEqual({}));
  it("have times, of which negative ones are before now", () =>
    expect(serverFilter(url({ from: "-3600", to: "1799999999.5" }), NOW)).toEqual({
      timestamp_start: String(NOW - 3600),
      timestamp_end: "1799999999.5",
    }));
  it("have an address in its role", () => {
    expect(serverFilter(url({ address: "00:11:%" }), NOW)).toEqual({ address_source: "00:11:%" });
    expect(serverFilter(url({ address: "a", role: "trans" }), NOW)).toEqual({ address_trans: "a" });
    expect(serverFilter(url({ address: "a", role: "no such" }), NOW)).toEqual({ address_source: "a" });
  });
  it("have device, sensor, signal, frequency in kHz, kind and place", () =>
    expect(
      serverFilter(
        url({
          device: "K_1",
          datasource: "U",
          signal_min: "-70",
          frequency: "2412.5",
          tag: "DEAUTH",
          south: "1",
          north: "2",
          west: "3",
          east: "4",
        }),
        NOW,
      ),
    ).toEqual({
      device_id: "K_1",
      datasource: "U",
      signal_min: "-70",
      frequency: "2412500",
      tag: "%DEAUTH%",
      location_lat_min: "1",
      location_lat_max: "2",
      location_lon_min: "3",
      location_lon_max: "4",
    }));
  it("have a range for the histogram", () => {
    expect(rangeOf({}, NOW)).toEqual({});
    expect(rangeOf({ timestamp_start: "5", timestamp_end: "9.5" }, NOW)).toEqual({ from: 5, to: 9.5 });
    expect(rangeOf({ timestamp_start: "5" }, NOW)).toEqual({ from: 5, to: NOW });
    expect(rangeOf({ timestamp_start: String(NOW + 5) }, NOW)).toEqual({ from: NOW + 5, to: NOW + 6 });
    expect(rangeOf({ timestamp_end: "9" }, NOW)).toEqual({ to: 9 });
  });
  it("leave out what is no time", () => expect(absolute("soon", NOW)).toBeNull());
  it("stand in the file's address", () => {
    expect(fileOf({})).toBe("/logging/kismetdb/pcap/packets.pcapng");
    expect(fileOf({ tag: "%A&B%" })).toBe("/logging/kismetdb/pcap/packets.pcapng?tag=%25A%26B%25");
  });
});

describe("what is seen", () => {
  it("is filtered by anything but a role", () => {
    expect(isFiltered(url({ role: "dest" }))).toBe(false);
    expect(isFiltered(url({ from: "-60" }))).toBe(true);
  });
  it("is brushed in whole seconds, or finer where it is short", () => {
    expect(brushed(100.4, 900.2)).toEqual({ from: "100", to: "901" });
    expect(brushed(100.4, 101.25)).toEqual({ from: "100.400", to: "101.250" });
  });
  it("has local times in its inputs", () => {
    expect(fromInput(toInput(NOW))).toBe(String(NOW));
    expect(toInput(null)).toBe("");
    expect(fromInput("")).toBe("");
  });
});
