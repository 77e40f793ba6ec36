import { useState } from "react";
import { Dialog } from "../parts/dialog";
import { ActionForm, Labelled } from "../parts/form";
import { NameAndPassword } from "./credentials";
import { useSession } from "./session";

/** Asks who somebody is; on a new server for the first password. */
export function LoginDialog() {
  const { who, login, enterWithKey, setUp, dismiss } = useSession();
  const [withKey, setWithKey] = useState(false);
  if (!who["kismet.session.configured"]) {
    return (
      <Dialog title="The first password" close={dismiss}>
        <p>
          This server has no administrator yet. It printed a one-time secret on its console when it started: with it, choose a name and a
          password.
        </p>
        <ActionForm submit="Set password" action={(data) => setUp(text(data, "secret"), text(data, "username"), text(data, "password"))}>
          <Labelled label="Secret">
            <input name="secret" required autoComplete="off" />
          </Labelled>
          <NameAndPassword isNew />
        </ActionForm>
      </Dialog>
    );
  }
  return (
    <Dialog title="Log in" close={dismiss}>
      {withKey ? (
        <ActionForm key="key" submit="Log in" action={(data) => enterWithKey(text(data, "key").trim())}>
          <Labelled label="Key" hint="An API key: what it may do here is what its role may.">
            <input name="key" type="password" required autoComplete="off" />
          </Labelled>
        </ActionForm>
      ) : (
        <ActionForm key="password" submit="Log in" action={(data) => login(text(data, "username"), text(data, "password"))}>
          <NameAndPassword />
        </ActionForm>
      )}
      <button type="button" className="plain" onClick={() => setWithKey(!withKey)}>
        {withKey ? "With name and password instead" : "With a key instead"}
      </button>
    </Dialog>
  );
}

function text(data: FormData, name: string): string {
  return String(data.get(name) ?? "");
}
