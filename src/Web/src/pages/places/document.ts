/** Metres along a building's x and y. */
export type Point = [x: number, y: number];

/** A point of a picture whose place is known: pixels from the left and upper edge, and metres. */
export interface ReferencePoint {
  px: number;
  py: number;
  x: number;
  y: number;
}

export interface Plan {
  picture: string;
  width: number;
  height: number;
  points: ReferencePoint[];
  fit?: { matrix: number[]; scale: number; error: number };
}

export interface Zone {
  name: string;
  polygon: Point[];
}

export interface Floor {
  floor: number;
  name?: string;
  height?: number;
  outline?: Point[];
  plan?: Plan;
  zones: Zone[];
}

export interface Building {
  name: string;
  site?: string;
  lat: number;
  lon: number;
  alt?: number;
  bearing: number;
  outline?: Point[];
  floors: Floor[];
}

export interface PlacedSensor {
  uuid: string;
  building: string;
  floor: number;
  x: number;
  y: number;
  z?: number;
}

/** The places as the server keeps them (docs/places.md). */
export interface Places {
  version: number;
  sites: { name: string }[];
  buildings: Building[];
  sensors: PlacedSensor[];
}

/** Which floor is shown. */
export interface Where {
  building: string;
  floor: number;
}

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** The building and floor of a place; the first ones where there are no such. */
export function find(places: Places, where: Where): { building: Building | null; floor: Floor | null } {
  const building = places.buildings.find((one) => one.name === where.building) ?? places.buildings[0] ?? null;
  const floor = building?.floors.find((one) => one.floor === where.floor) ?? building?.floors[0] ?? null;
  return { building, floor };
}

/** The places with another building in the place of one; its sensors go with its name. */
export function withBuilding(places: Places, name: string, changed: Building): Places {
  return {
    ...places,
    buildings: places.buildings.map((one) => (one.name === name ? changed : one)),
    sensors: places.sensors.map((one) => (same(one.building, name) ? { ...one, building: changed.name } : one)),
  };
}

/** The places with another floor in the place of one; its sensors go with its number. */
export function withFloor(places: Places, building: Building, number: number, changed: Floor): Places {
  const floors = building.floors.map((one) => (one.floor === number ? changed : one));
  return {
    ...withBuilding(places, building.name, { ...building, floors }),
    sensors: places.sensors.map((one) =>
      same(one.building, building.name) && one.floor === number ? { ...one, floor: changed.floor } : one,
    ),
  };
}

/** The places without a building, or without one of its floors, and without the sensors there. */
export function without(places: Places, building: Building, floor?: Floor): Places {
  const sensors = places.sensors.filter((one) => !same(one.building, building.name) || (floor && one.floor !== floor.floor));
  return floor
    ? {
        ...places,
        sensors,
        buildings: places.buildings.map((one) =>
          one === building ? { ...one, floors: one.floors.filter((other) => other !== floor) } : one,
        ),
      }
    : { ...places, sensors, buildings: places.buildings.filter((one) => one !== building) };
}

/** Sensors that stand on a floor. */
export function sensorsOn(places: Places, building: Building, floor: Floor): PlacedSensor[] {
  return places.sensors.filter((one) => same(one.building, building.name) && one.floor === floor.floor);
}

/** A name like one, that none of the others is. */
export function newName(like: string, others: string[]): string {
  for (let i = others.length + 1; ; i++) {
    const name = `${like} ${i}`;
    if (!others.some((one) => same(one, name))) {
      return name;
    }
  }
}
