import { describe, expect, it } from "vitest";
import { type Drone, placesOf, trackOf } from "./drones";
import { distance, gather, type LocatedDevice, type Place, pastOf, placeOf, position } from "./places";
import { type Receiver, sensorPlaces } from "./receivers";
import { atParameter, hiddenLayers, readView, toggled } from "./view";

const POINT = "kismet.common.location.geopoint";

function device(parts: Partial<LocatedDevice>): LocatedDevice {
  const at: [number, number] = [13.3269, 52.5125];
  return {
    key: "K",
    name: "n",
    phy: "IEEE802.11",
    type: "Wi-Fi AP",
    seen: 5,
    signal: -50,
    average: at,
    low: at,
    high: at,
    newest: at,
    ...parts,
  };
}

function place(id: string, at: [number, number]): Place {
  return { id, kind: "device", name: id, at, accuracy: 0, seen: 0, key: id, detail: "" };
}

describe("a device that is followed", () => {
  const at = (east: number, north: number) => ({ "kismet.historic.location.geopoint": [east, north] as [number, number] });
  it("was where the server heard it", () =>
    expect(pastOf({ ...device({}), track: [at(13, 52), at(0, 0), at(14, 53)] })).toEqual([
      [52, 13],
      [53, 14],
    ]));
  it("was nowhere when the server knows of nothing", () => expect(pastOf({ ...device({}), track: 0 })).toEqual([]));
});

describe("positions", () => {
  it("come as longitude and latitude", () => expect(position([13, 52])).toEqual([52, 13]));
  it("are unknown at 0, 0, where there is none, and beyond the globe", () => {
    expect(position([0, 0])).toBeNull();
    expect(position(0)).toBeNull();
    expect(position([13, 136])).toBeNull();
  });
  it("are apart in metres", () => {
    expect(distance([52, 13], [53, 13])).toBeCloseTo(111_195, -1);
    expect(distance([52, 13], [52, 13])).toBe(0);
  });
});

describe("a device's place", () => {
  it("is where it was heard on average, and reaches as far as it was heard", () => {
    const found = placeOf(device({ low: [13.3269, 52.512], high: [13.3269, 52.513] }));
    expect(found).toMatchObject({ at: [52.5125, 13.3269], detail: "Wi-Fi AP, IEEE802.11" });
    expect(found?.accuracy).toBeCloseTo(55.6, 1);
  });
  it("is the last one where there is no average, and none where there is neither", () => {
    expect(placeOf(device({ average: 0 }))?.at).toEqual([52.5125, 13.3269]);
    expect(placeOf(device({ average: 0, newest: 0 }))).toBeNull();
  });
});

describe("gather", () => {
  it("makes one of what is near on the screen", () => {
    const clusters = gather([place("a", [1, 1]), place("b", [2, 3]), place("c", [50, 50])], ([y, x]) => ({ x, y }), 10);
    expect(clusters.map((one) => [one.places.map(({ id }) => id).join(""), one.at])).toEqual([
      ["ab", [1.5, 2]],
      ["c", [50, 50]],
    ]);
  });
});

describe("drones", () => {
  const telemetry = (longitude: number) => ({
    "uav.telemetry.location": { [POINT]: [longitude, 51.4] as [number, number] },
    "uav.telemetry.height": 40,
    "uav.telemetry.v_north": 3,
    "uav.telemetry.v_east": 4,
  });
  const drone: Drone = {
    key: "K",
    name: "x",
    seen: 7,
    uav: {
      "uav.manufacturer": "DJI",
      "uav.model": "Mavic",
      "uav.serialnumber": "S1",
      "uav.last_telemetry": telemetry(2),
      "uav.telemetry_history": [telemetry(0.5), telemetry(0), telemetry(2)],
      "uav.telemetry.app_location": { [POINT]: [0, 0] },
    },
  };
  it("have a place, and their operator where it is known", () => {
    expect(placesOf(drone)).toMatchObject([{ kind: "drone", name: "Drone S1", at: [51.4, 2], detail: "DJI Mavic, 40 m up, 5.0 m/s" }]);
    const told = { ...drone, uav: { ...drone.uav, "uav.telemetry.app_location": { [POINT]: [1, 51] as [number, number] } } };
    expect(placesOf(told)[1]).toMatchObject({ kind: "operator", at: [51, 1] });
  });
  it("have a track", () =>
    expect(trackOf(drone)).toEqual([
      [51.4, 0.5],
      [51.4, 0],
      [51.4, 2],
    ]));
});

describe("receivers", () => {
  const receiver = (parts: Partial<Receiver>): Receiver => ({
    "kismet.gps.uuid": "U",
    "kismet.gps.name": "hall",
    "kismet.gps.description": "posted",
    "kismet.gps.data_only": 1,
    "kismet.gps.location": { [POINT]: [13, 52] },
    "kismet.gps.last_location": { [POINT]: [0, 0] },
    ...parts,
  });
  const sources = [
    { uuid: "1", name: "hall", remote: 1, type: "linuxwifi" },
    { uuid: "2", name: "lobby", remote: 0, type: "linuxwifi" },
    { uuid: "3", name: "phone", remote: 0, type: "virtual" },
  ];
  it("stand for the sensors of their name", () =>
    expect(sensorPlaces([receiver({})], sources)).toMatchObject([{ name: "hall", detail: "hall" }]));
  it("of the server stand for its own sensors", () =>
    expect(sensorPlaces([receiver({ "kismet.gps.data_only": 0 })], sources)).toMatchObject([{ name: "Server (hall)", detail: "lobby" }]));
  it("without a position are not there", () =>
    expect(sensorPlaces([receiver({ "kismet.gps.location": { [POINT]: [0, 0] } })], sources)).toEqual([]));
  it("are beside sensors that have a place themselves, and in the place of those of their name", () => {
    const placed = [
      { uuid: "4", name: "roof", remote: 1, type: "linuxwifi", place: { [POINT]: [13.5, 52.5] as [number, number] } },
      { uuid: "5", name: "hall", remote: 1, type: "linuxwifi", place: { [POINT]: [13, 52] as [number, number] } },
    ];
    expect(sensorPlaces([receiver({})], placed)).toMatchObject([
      { name: "hall", at: [52, 13] },
      { id: "source:4", name: "roof", at: [52.5, 13.5] },
    ]);
  });
});

describe("the address", () => {
  it("says where the map is", () => {
    const at = atParameter([52.5125, 13.3269], 18).at;
    expect(at).toBe("52.512500,13.326900,18");
    expect(readView(new URLSearchParams({ at: at ?? "" }))).toMatchObject({ centre: [52.5125, 13.3269], zoom: 18 });
  });
  it("may say nothing, or nonsense", () => {
    for (const at of ["", "x,y,z", "99,0,3", "1"]) {
      expect(readView(new URLSearchParams({ at })).centre).toBeNull();
    }
    expect(readView(new URLSearchParams({ at: "1,2,99" })).zoom).toBe(17);
  });
  it("says which layers are hidden", () => {
    const hidden = hiddenLayers(readView(new URLSearchParams({ hide: "tracks,devices,other" })).hide);
    expect([...hidden]).toEqual(["devices", "tracks"]);
    expect(toggled(hidden, "devices")).toEqual({ hide: "tracks" });
    expect(toggled(hidden, "sensors")).toEqual({ hide: "sensors,devices,tracks" });
  });
});
