import { useState } from "react";
import { useNotices } from "../shell/notices";
import { Dialog } from "./dialog";
import { Copyable } from "./form";

/** Copies a link to what is seen; where the browser does not let a page copy, shows it. */
export function CopyLink({ link = () => location.href }: { link?: () => string }) {
  const { tell } = useNotices();
  const [shown, setShown] = useState<string | null>(null);
  return (
    <>
      <button
        type="button"
        onClick={async () => {
          const text = link();
          try {
            await navigator.clipboard.writeText(text);
            tell("good", "Link copied");
          } catch {
            // Only pages by https, or on this machine, may.
            setShown(text);
          }
        }}
      >
        Copy link
      </button>
      {shown !== null && (
        <Dialog title="A link to this page" close={() => setShown(null)}>
          <Copyable text={shown} label="Link" />
        </Dialog>
      )}
    </>
  );
}
