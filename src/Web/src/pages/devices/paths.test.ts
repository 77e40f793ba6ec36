import { expect, test } from "vitest";
import { pathsOf } from "./paths";

test("paths go through lists and maps, to values alone", () => {
  expect(
    pathsOf([
      {
        "kismet.device.base.name": "x",
        "kismet.device.base.freq_khz_map": { "2412000": 3 },
        "kismet.device.base.seenby": [{ "kismet.common.seenby.uuid": "u" }, { "kismet.common.seenby.last_time": 3 }],
        "dot11.device": { "dot11.device.client_map": { "00:11:22:33:44:55": { "dot11.client.bssid": "b" } } },
        "kismet.device.base.packets.rrd": { "kismet.common.rrd.minute_vec": [1, 2] },
      },
      { "kismet.device.base.tags": { "<img>": "y" }, "kismet.device.base.name": "z" },
    ]),
  ).toEqual([
    "dot11.device/dot11.device.client_map/dot11.client.bssid",
    "kismet.device.base.freq_khz_map",
    "kismet.device.base.name",
    "kismet.device.base.seenby/kismet.common.seenby.last_time",
    "kismet.device.base.seenby/kismet.common.seenby.uuid",
    "kismet.device.base.tags",
  ]);
});

test("an endless record has bounds", () => {
  const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`kismet.x${i}`, 1]));
  expect(pathsOf([wide])).toHaveLength(2_000);
  let deep: unknown = 1;
  for (let i = 0; i < 50; i++) {
    deep = { "kismet.x": deep };
  }
  expect(pathsOf([deep])).toEqual([]);
});
