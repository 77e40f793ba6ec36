import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { Packet } from "./packets";

/** A part of a packet's bytes. */
export interface Place {
  offset: number;
  length: number;
}

/** A value of a packet; what stands at no one place has no offset. */
export interface PacketField {
  "kismet.packet.field.name": string;
  "kismet.packet.field.value": string;
  "kismet.packet.field.offset"?: number;
  "kismet.packet.field.length"?: number;
}

/** A layer of a packet, with the layers inside. */
export interface PacketLayer {
  "kismet.packet.layer.name": string;
  "kismet.packet.layer.offset": number;
  "kismet.packet.layer.length": number;
  "kismet.packet.layer.error"?: string;
  "kismet.packet.layer.fields": PacketField[];
  "kismet.packet.layer.layers": PacketLayer[];
}

/** A packet that was taken apart. */
export interface PacketView {
  "kismet.packet.view.packet": { "kismet.packet.timestamp": number; "kismet.packet.datasource": Packet["sensor"] };
  "kismet.packet.view.bytes": string;
  "kismet.packet.view.error"?: string;
  "kismet.packet.view.layers": PacketLayer[];
}

/** One packet of the log. It never changes. */
export function usePacket(id: string) {
  return useQuery({
    queryKey: ["packet", id],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => get<PacketView>(`/logging/kismetdb/packets/by-id/${encodeURIComponent(id)}/packet.json`, signal),
  });
}

/** Bytes of a line of the hexadecimal view. */
export const BYTES_A_LINE = 16;

/** A line of the hexadecimal view: its bytes before, in and after the chosen part, as hexadecimal and as text. */
export interface HexLine {
  offset: number;
  hex: [string, string, string];
  text: [string, string, string];
}

/**
 * Lines of the hexadecimal view.
 * @param bytes The packet, two digits a byte.
 * @param chosen What is marked.
 * @param most Lines at most.
 */
export function hexLines(bytes: string, chosen: Place | null, most: number): HexLine[] {
  const size = bytes.length / 2;
  const from = chosen?.offset ?? 0;
  const to = chosen ? chosen.offset + chosen.length : 0;
  const lines: HexLine[] = [];
  for (let offset = 0; offset < size && lines.length < most; offset += BYTES_A_LINE) {
    const line: HexLine = { offset, hex: ["", "", ""], text: ["", "", ""] };
    for (let at = offset; at < Math.min(offset + BYTES_A_LINE, size); at++) {
      const digits = bytes.slice(at * 2, at * 2 + 2).toLowerCase();
      const part = at < from || to <= from ? 0 : at < to ? 1 : 2;
      // The gap in the middle, as everywhere where bytes are shown in lines.
      line.hex[part] += `${at % BYTES_A_LINE === BYTES_A_LINE / 2 ? " " : ""}${digits} `;
      const code = Number.parseInt(digits, 16);
      line.text[part] += code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : "·";
    }
    lines.push(line);
  }
  return lines;
}

/** Where a layer or value stands; null where it stands at no one place. */
export function placeOf(part: PacketLayer | PacketField): Place | null {
  if ("kismet.packet.layer.name" in part) {
    return { offset: part["kismet.packet.layer.offset"], length: part["kismet.packet.layer.length"] };
  }
  const offset = part["kismet.packet.field.offset"];
  return offset === undefined ? null : { offset, length: part["kismet.packet.field.length"] ?? 0 };
}

/** Whether a layer is open at first: what is wrong, and what is inside of it, up to where a packet falls into many parts. */
export function isOpen(layer: PacketLayer, depth: number, siblings: number): boolean {
  return isWrong(layer) || (depth === 0 ? siblings === 1 || layer["kismet.packet.layer.layers"].length > 0 : siblings === 1);
}

function isWrong(layer: PacketLayer): boolean {
  return layer["kismet.packet.layer.error"] !== undefined || layer["kismet.packet.layer.layers"].some(isWrong);
}
