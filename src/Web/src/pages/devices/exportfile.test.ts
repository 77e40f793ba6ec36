import { afterEach, expect, test, vi } from "vitest";
import { fetchFile, type Question } from "./exportfile";

const QUESTION: Question = {
  view: "phy-802.15.4",
  columns: [["kismet.device.base.macaddr", "MAC address"]],
  sort: "kismet.device.base.macaddr",
  descending: true,
  search: "a",
  searched: ["kismet.device.base.commonname"],
  where: [["kismet.device.base.packets.total", ">", 3]],
};

afterEach(() => vi.unstubAllGlobals());

function answering(all: number, ...parts: string[]): { asked: () => [string, RequestInit] } {
  const body = new ReadableStream({
    start(controller) {
      for (const part of parts) {
        controller.enqueue(new TextEncoder().encode(part));
      }
      controller.close();
    },
  });
  const call = vi.fn(async () => new Response(body, { headers: { "X-Devices": String(all) } }));
  vi.stubGlobal("fetch", call);
  return { asked: () => call.mock.calls[0] as unknown as [string, RequestInit] };
}

test("a table is asked for as the list is, and tells how far it is", async () => {
  const { asked } = answering(2, "MAC address\r\n00:", "11\r\n", "22\r\n");
  const rows: [number, number][] = [];
  const { file, found } = await fetchFile(QUESTION, "csv", (done, all) => rows.push([done, all]), new AbortController().signal);
  const [path, { body }] = asked();
  expect(path).toBe("/devices/views/phy-802.15.4/export.csv");
  expect(JSON.parse((body as URLSearchParams).get("json") ?? "")).toEqual({
    fields: [["kismet.device.base.macaddr", "MAC address"]],
    searched: ["kismet.device.base.commonname"],
    sort: "kismet.device.base.macaddr",
    dir: "desc",
    search: "a",
    where: [["kismet.device.base.packets.total", ">", 3]],
  });
  expect(new TextDecoder("utf-8", { ignoreBOM: true }).decode(await file.arrayBuffer())).toBe("\ufeffMAC address\r\n00:11\r\n22\r\n");
  expect(found).toBe(2);
  expect(rows).toEqual([
    [0, 2],
    [1, 2],
    [2, 2],
    [2, 2],
  ]);
});

test.each([
  [
    ['{"a": 1}\n{"a"', ": 2}", "\n"],
    [{ a: 1 }, { a: 2 }],
  ],
  [['{"a": "x\\ny"}\n'], [{ a: "x\ny" }]],
  [[], []],
])("JSON of %j", async (parts, expected) => {
  answering(expected.length, ...parts);
  const { file, found } = await fetchFile(QUESTION, "json", () => {}, new AbortController().signal);
  expect(JSON.parse(await file.text())).toEqual(expected);
  expect(found).toBe(expected.length);
});
