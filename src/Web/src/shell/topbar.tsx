import { useEffect, useState } from "react";
import { Link } from "wouter";
import { useEvent, useIsLive } from "../live/events";
import { ActionButton } from "../parts/form";
import { brief, rate } from "../parts/numbers";
import { Time } from "../parts/time";
import { SearchButton } from "./searchbutton";
import { useSession } from "./session";

// A connection that is lost and made again at once is none that was lost.
const GONE_AFTER_MS = 5_000;

/** What is true on every page: the server's pulse, and who looks. */
export function TopBar() {
  const { who } = useSession();
  return (
    <header className="topbar">
      <Link href="/" className="brand" aria-label="KismetOrleans">
        <img src="/ui/icon.svg" alt="" width="24" height="24" />
        <span className="wide">KismetOrleans</span>
      </Link>
      {who["kismet.session.may_read"] ? <Pulse /> : <span className="pulse" />}
      {who["kismet.session.may_read"] ? <SearchButton /> : null}
      <User />
      {who["kismet.session.may_read"] ? <Gone /> : null}
    </header>
  );
}

function Pulse() {
  const [packets, setPackets] = useState<number | null>(null);
  const [devices, setDevices] = useState<number | null>(null);
  const live = useIsLive();
  useEvent<{ packets: number }>("PACKETCHAIN_STATS", (stats) => setPackets(stats.packets));
  useEvent<{ "kismet.system.devices.count": number }>("STATISTICS", (stats) => setDevices(stats["kismet.system.devices.count"]));
  return (
    <span className="pulse">
      <span className={live ? "dot good" : "dot bad"} title={live ? "Live" : "No live connection: trying again"} />
      <span className="wide">{live ? "live" : "not connected"}</span>
      {live && packets !== null && <span>{rate(packets)}</span>}
      {live && devices !== null && (
        <span>
          {brief(devices)} {devices === 1 ? "device" : "devices"}
        </span>
      )}
    </span>
  );
}

/** Says that the server is gone, and since when: what a page shows then is of that time. */
function Gone() {
  const live = useIsLive();
  const [since, setSince] = useState<number | null>(null);
  useEffect(() => {
    if (live) {
      setSince(null);
      return;
    }
    const lost = Date.now() / 1000;
    const timer = setTimeout(() => setSince(lost), GONE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [live]);
  return since === null ? null : (
    <p className="gone" role="alert">
      The server has not answered since <Time at={since} form="clock" />: what is shown here is of that time. Trying again.
    </p>
  );
}

function User() {
  const { who, ask, logout } = useSession();
  const role = who["kismet.session.role"];
  if (!role) {
    return (
      <button type="button" onClick={ask}>
        Log in
      </button>
    );
  }
  return (
    <span className="user">
      <span className="wide" title={`Role: ${role}`}>
        {who["kismet.session.name"]}
      </span>
      <ActionButton action={logout}>Log out</ActionButton>
    </span>
  );
}
