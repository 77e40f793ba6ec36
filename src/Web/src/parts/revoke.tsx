import { useQueryClient } from "@tanstack/react-query";
import { run } from "../api/client";
import { ActionButton } from "./form";
import type { ListColumn } from "./listtable";

/** The last column of a list of what can be taken back: a command for the row, after which the list is read again. */
export function useRevokeColumn<T extends object>(
  list: string,
  path: string,
  command: (row: T) => Record<string, string>,
  says: (row: T) => { confirm: string } | { done: string },
): ListColumn<T> {
  const queries = useQueryClient();
  return {
    id: "revoke",
    header: "",
    enableSorting: false,
    cell: ({ row: { original } }) => (
      <ActionButton
        className="danger"
        {...says(original)}
        action={async () => {
          await run(path, command(original));
          await queries.invalidateQueries({ queryKey: [list] });
        }}
      >
        Revoke
      </ActionButton>
    ),
  };
}
