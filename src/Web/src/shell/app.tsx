import { lazy, Suspense, useEffect } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import type { Alert } from "../api/records";
import { useEvent } from "../live/events";
import { isSevere } from "../parts/severity";
import { Empty, Loading } from "../parts/states";
import { ErrorBoundary } from "./boundary";
import { Icon } from "./icons";
import { LoginDialog } from "./login";
import { useNotices } from "./notices";
import { useSession } from "./session";
import { TopBar } from "./topbar";

const Overview = lazy(() => import("../pages/overview/overview"));
// Each page is fetched when it is first wanted.
const PAGES = [
  { path: "/", name: "Overview", icon: "overview" as const, page: Overview },
  { path: "/ui/devices", name: "Devices", icon: "devices" as const, page: lazy(() => import("../pages/devices/devices")) },
  { path: "/ui/ssids", name: "SSIDs", icon: "ssids" as const, page: lazy(() => import("../pages/ssids/ssids")) },
  { path: "/ui/alerts", name: "Alerts", icon: "alerts" as const, page: lazy(() => import("../pages/alerts/alerts")) },
  { path: "/ui/channels", name: "Channels", icon: "channels" as const, page: lazy(() => import("../pages/channels/channels")) },
  { path: "/ui/sensors", name: "Sensors", icon: "sensors" as const, page: lazy(() => import("../pages/sensors/sensors")) },
  { path: "/ui/map", name: "Map", icon: "map" as const, page: lazy(() => import("../pages/map/map")) },
  { path: "/ui/places", name: "Places", icon: "places" as const, page: lazy(() => import("../pages/places/places")) },
  { path: "/ui/history", name: "History", icon: "history" as const, page: lazy(() => import("../pages/history/history")) },
  { path: "/ui/messages", name: "Messages", icon: "messages" as const, page: lazy(() => import("../pages/messages/messages")) },
  { path: "/ui/settings", name: "Settings", icon: "settings" as const, page: lazy(() => import("../pages/settings/settings")) },
];
const DevicePage = lazy(() => import("../pages/device/device"));

/** The whole page: navigation, what is chosen, and the login where one is needed. */
export function App() {
  const [location] = useLocation();
  const { who, isAsked } = useSession();
  // "/ui" is the overview, too: "/" may be Kismet's page (WebUi:KismetAtRoot).
  const here = PAGES.find((one) => (one.path === "/" ? ["/", "/ui", "/ui/"].includes(location) : location.startsWith(one.path)));
  useEffect(() => {
    document.title = here ? `${here.name} · KismetOrleans` : "KismetOrleans";
  }, [here]);
  const mayRead = Boolean(who["kismet.session.may_read"]);
  return (
    <>
      <a className="skip" href="#content">
        Skip to content
      </a>
      <TopBar />
      <nav aria-label="Pages">
        {PAGES.map((one) => (
          <Link key={one.path} href={one.path} aria-current={one === here ? "page" : undefined}>
            <Icon name={one.icon} />
            {one.name}
          </Link>
        ))}
      </nav>
      <main id="content" tabIndex={-1}>
        {mayRead ? (
          <ErrorBoundary key={location}>
            <AlertNotices />
            <Suspense fallback={<Loading />}>
              <Switch>
                {PAGES.map((one) => (
                  <Route key={one.path} path={one.path} component={one.page} />
                ))}
                <Route path="/ui" component={Overview} />
                <Route path="/ui/device/:key" component={DevicePage} />
                <Route>
                  <Empty title="There is no such page">The link may be of another version.</Empty>
                </Route>
              </Switch>
            </Suspense>
          </ErrorBoundary>
        ) : (
          <Empty title="Log in to look">This server lets nobody read without a login.</Empty>
        )}
      </main>
      {isAsked && <LoginDialog />}
    </>
  );
}

/** Says it on every page when something severe is noticed. */
function AlertNotices() {
  const { tell } = useNotices();
  useEvent<Alert>("ALERT", (alert) => {
    if (isSevere(alert["kismet.alert.severity"])) {
      tell("alert", `${alert["kismet.alert.header"]}: ${alert["kismet.alert.text"]}`, "/ui/alerts");
    }
  });
  return null;
}
