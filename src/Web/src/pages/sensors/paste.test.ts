import { describe, expect, it } from "vitest";
import { readChannels } from "./commands";
import { agentCommand, definition, joinCommand, newUuid, reportCommand, shellWord } from "./paste";

describe("what is pasted into a shell", () => {
  it("stays one word, whatever is in it", () => {
    expect(shellWord("wlan0:name=lobby")).toBe("wlan0:name=lobby");
    expect(shellWord("a'b; rm -rf $(x)")).toBe(`'a'\\''b; rm -rf $(x)'`);
    expect(shellWord("")).toBe("''");
  });
  it("quotes a name for the definition", () => {
    expect(definition("wlan0", "lobby")).toBe("wlan0:name=lobby");
    expect(definition("wlan0", 'a, "b"')).toBe('wlan0:name="a, b"');
    expect(definition("wlan0", "")).toBe("wlan0");
  });
  it("starts an agent", () =>
    expect(agentCommand("http://s:2501", "K", "wlan0", "north hall", "u-1")).toBe(
      "KISMET_KEY=K KismetOrleans.Capture \\\n  --server http://s:2501 \\\n  -c 'wlan0:name=\"north hall\"' \\\n  --uuid u-1 \\\n  --spool /var/lib/kismetorleans/spool",
    ));
  it("has a sensor join", () => {
    expect(joinCommand("https://s:2501", "T.P", "wlan0", "")).toBe("KismetOrleans.Capture --join 'https://s:2501#T.P' \\\n  -c wlan0");
    expect(joinCommand("https://s:2501", "T", "wlan0", "lobby")).toBe(
      "KismetOrleans.Capture --join 'https://s:2501#T' \\\n  --name lobby \\\n  -c wlan0:name=lobby",
    );
  });
  it("posts a report whose JSON holds", () => {
    const text = reportCommand("http://s:2501", "K", "it's", "u-1");
    const json = text.slice(text.indexOf("json=") + 5, -1).replaceAll("'\\''", "'");
    expect(JSON.parse(json)).toMatchObject({ source_uuid: "u-1", source_name: "it's" });
  });
  it("makes UUIDs of version 4", () => expect(newUuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/));
});

describe("channels", () => {
  it("are read from what is typed", () => expect(readChannels(" 1, 6,11  36HT40+ ")).toEqual(["1", "6", "11", "36HT40+"]));
});
