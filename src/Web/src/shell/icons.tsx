// Drawn here, 24 units wide, by strokes: no font has all of them, and none is fetched.
const PATHS = {
  overview: "M4 13h6V4H4zM14 20h6v-9h-6zM14 4v3h6V4zM4 20h6v-3H4z",
  devices: "M4 5h16v10H4zM8 19h8M12 15v4",
  ssids: "M3 10a13 13 0 0 1 18 0M6.5 13.5a8 8 0 0 1 11 0M10 17a3 3 0 0 1 4 0",
  alerts: "M12 4l9 16H3zM12 10v4M12 17v.5",
  channels: "M5 20V10M10 20V4M15 20v-8M20 20V7",
  sensors: "M12 12v8M8 20h8M8.5 8.5a5 5 0 0 1 7 0M5.5 5.5a9.2 9.2 0 0 1 13 0M12 11.5v.5",
  map: "M9 5L3 7v13l6-2 6 2 6-2V5l-6 2zM9 5v13M15 7v13",
  places: "M4 20V9l8-5 8 5v11zM4 13h16M10 20v-4h4v4",
  history: "M4 12a8 8 0 1 0 2.5-5.8M4 4v4h4M12 8v4l3 2",
  messages: "M4 5h16v11H9l-5 4z",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13M15.5 15.5L20 20",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M13 4.5v5M7 14.5v5",
};

/** The picture of a page in the navigation. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
      <path d={PATHS[name]} fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
