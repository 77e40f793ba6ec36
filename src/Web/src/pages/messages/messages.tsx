import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { Message } from "../../api/records";
import { useEvent } from "../../live/events";
import { Empty, Shown } from "../../parts/states";
import { Time } from "../../parts/time";

const KEY = ["messages"];
// As many as the server itself keeps, and some: a page that is left open does not grow for ever.
const MOST = 500;
const ERROR_FLAGS = 4 | 16;

/** What the server had to say, newest first, and what it says now. */
export default function MessagesPage() {
  const queries = useQueryClient();
  const query = useQuery({ queryKey: KEY, queryFn: ({ signal }) => get<Message[]>("/messagebus/all_messages.json", signal) });
  useEvent<Message>("MESSAGE", (message) => queries.setQueryData<Message[]>(KEY, (all) => [...(all ?? []), message].slice(-MOST)));
  return (
    <>
      <div className="head">
        <h1>Messages</h1>
      </div>
      <Shown query={query}>
        {(messages) =>
          messages.length === 0 ? (
            <Empty title="No messages yet">What the server notices about itself and its sensors comes here, live.</Empty>
          ) : (
            <div className="panel scroller">
              <table aria-label="Messages">
                <thead>
                  <tr>
                    <th scope="col">Time</th>
                    <th scope="col">Message</th>
                  </tr>
                </thead>
                <tbody>
                  {messages.toReversed().map((one, i) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: messages have no identity; places count from the oldest.
                    <tr key={messages.length - i}>
                      <td>
                        <Time at={one["kismet.messagebus.message_time"]} />
                      </td>
                      <td className={one["kismet.messagebus.message_flags"] & ERROR_FLAGS ? "wrong" : ""}>
                        {one["kismet.messagebus.message_string"]}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Shown>
    </>
  );
}
