import { Choice } from "../../parts/choice";
import { usePreferences } from "../../shell/preferences";
import { Keys } from "./keys";
import { Sessions } from "./sessions";

/** Who may do what, and how this browser shows it. */
export default function SettingsPage() {
  const [preferences, change] = usePreferences();
  return (
    <>
      <div className="head">
        <h1>Settings</h1>
      </div>
      <div className="grid">
        <section className="panel" aria-label="This browser">
          <h2>This browser</h2>
          <dl className="facts">
            <dt>Theme</dt>
            <dd>
              <Choice
                label="Theme"
                value={preferences.theme}
                onChange={(theme) => change({ theme })}
                options={[
                  ["system", "The system's"],
                  ["light", "Light"],
                  ["dark", "Dark"],
                ]}
              />
            </dd>
            <dt>Units</dt>
            <dd>
              <Choice
                label="Units"
                value={preferences.units}
                onChange={(units) => change({ units })}
                options={[
                  ["metric", "Metres, km/h"],
                  ["imperial", "Feet, mph"],
                ]}
              />
            </dd>
          </dl>
        </section>
        <Sessions />
        <Keys />
      </div>
    </>
  );
}
