import { Labelled } from "../parts/form";

// The server's bound of both.
const MAX_LENGTH = 256;

/** The two inputs of a login, or of a password that is to be. */
export function NameAndPassword({ isNew = false }: { isNew?: boolean }) {
  return (
    <>
      <Labelled label="Name">
        <input name="username" required maxLength={MAX_LENGTH} autoComplete="username" />
      </Labelled>
      <Labelled label={isNew ? "New password" : "Password"}>
        <input name="password" type="password" required maxLength={MAX_LENGTH} autoComplete={isNew ? "new-password" : "current-password"} />
      </Labelled>
    </>
  );
}
