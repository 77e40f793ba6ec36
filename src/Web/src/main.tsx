import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiError } from "./api/client";
import { Fault, Loading } from "./parts/states";
import { App } from "./shell/app";
import { NoticesProvider } from "./shell/notices";
import { applyTheme } from "./shell/preferences";
import { SessionProvider } from "./shell/session";
import "./style.css";

// What is shown is kept up by events; nothing is asked again because a window came to the front.
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && error instanceof ApiError && error.status === 0,
    },
  },
});

const root = document.getElementById("app");
if (!root) {
  throw new Error("index.html has no #app");
}
applyTheme();
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <NoticesProvider>
        <SessionProvider loading={<Loading />} failed={(error, again) => <Fault error={error} again={again} />}>
          <App />
        </SessionProvider>
      </NoticesProvider>
    </QueryClientProvider>
  </StrictMode>,
);
