import { describe, expect, it } from "vitest";
import { agentsOf, lines, type Profile, whom, words } from "./profile";
import type { Sensor } from "./sensor";

function sensor(values: Partial<Sensor>): Sensor {
  return {
    agent: 0,
    site: 0,
    profile: 0,
    profileVersion: 0,
    profileState: 0,
    profileError: 0,
    remoteIp: "192.0.2.1",
    running: 1,
    ...values,
  } as Sensor;
}

describe("agents", () => {
  it("are each there once, and those with errors first", () => {
    const agents = agentsOf([
      sensor({ agent: "lobby", site: "hq", profile: "quiet", profileVersion: 3, profileState: "applied" }),
      sensor({ agent: "lobby", site: "hq", profile: "quiet", profileVersion: 3, profileState: "applied" }),
      sensor({ agent: "roof", profileState: "rolled back", profileError: "profile quiet, version 2: taken back" }),
      sensor({}),
    ]);
    expect(agents.map((one) => [one.name, one.site, one.profile, one.state])).toEqual([
      ["roof", "", "", "rolled back"],
      ["lobby", "hq", "quiet", "applied"],
    ]);
  });

  it("are what a source says that runs", () => {
    const old = sensor({ agent: "lobby", running: 0, profileState: "trial" });
    const now = sensor({ agent: "lobby", profileState: "applied" });
    expect(agentsOf([old, now]).map((one) => one.state)).toEqual(["applied"]);
    expect(agentsOf([now, old]).map((one) => one.state)).toEqual(["applied"]);
  });
});

describe("a profile", () => {
  const profile = { "kismet.profile.sites": [], "kismet.profile.sensors": [] } as unknown as Profile;

  it("says for whom it is", () => {
    expect(whom(profile)).toBe("all agents");
    expect(whom({ ...profile, "kismet.profile.sites": ["hq*", "farm"] })).toBe("sites hq*, farm");
    expect(whom({ ...profile, "kismet.profile.sites": ["hq"], "kismet.profile.sensors": ["lobby"] })).toBe("agents lobby of sites hq");
  });

  it("is read as it is typed", () => {
    expect(words(" hq*, , farm ")).toEqual(["hq*", "farm"]);
    expect(lines('wlan*:channels="1,6"\r\n\n  wlan1 ')).toEqual(['wlan*:channels="1,6"', "wlan1"]);
  });
});
