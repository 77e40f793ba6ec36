import { expect, test } from "vitest";
import type { Incident } from "../api/records";
import { asWritten, incidentsWith, kindOf, MOST } from "./found";

test.each([
  [" aa-bb-cc-dd-ee-ff ", "AA:BB:CC:DD:EE:FF"],
  ["aabbccddeeff", "AA:BB:CC:DD:EE:FF"],
  ["AABB.CCDD.EEFF", "AA:BB:CC:DD:EE:FF"],
  ["aa-bb-", "AA:BB"],
  ["aa:bb", "aa:bb"],
  ["deadbeef", "deadbeef"],
  ["campus-5", "campus-5"],
  ["12", "12"],
])("%j is asked for as %j", (typed, asked) => expect(asWritten(typed)).toBe(asked));

function incident(id: number, text: string): Incident {
  return {
    "kismet.incident.id": id,
    "kismet.incident.header": "DEAUTHFLOOD",
    "kismet.incident.text": text,
    "kismet.incident.transmitter": "02:00:00:00:00:01",
    "kismet.incident.network": "02:00:00:00:00:02",
    "kismet.incident.owner": "",
    "kismet.incident.state": "new",
  } as Incident;
}

test("incidents are found by number and by what they say", () => {
  const all = [incident(7, "someone else"), incident(17, "room 7")];
  expect(incidentsWith(all, "#7").map((one) => one.href)).toEqual(["/ui/alerts?tab=incidents&state=all&incident=7"]);
  expect(incidentsWith(all, "7")).toHaveLength(2);
  expect(incidentsWith(all, "deauth")).toHaveLength(2);
  expect(incidentsWith(all, "00:02")).toHaveLength(2);
  expect(incidentsWith(all, "nothing")).toEqual([]);
});

test("more than are shown are counted", () => {
  const found = Array.from({ length: 9 }, (_, i) => ({ href: `/${i}`, title: "", more: "" }));
  expect(kindOf("Devices", found, { href: "/all", count: 9 })).toMatchObject({ all: { href: "/all", count: 9 } });
  expect(kindOf("Devices", found).found).toHaveLength(MOST);
  expect(kindOf("Devices", found.slice(0, 2), { href: "/all", count: 2 }).all).toBeUndefined();
});
