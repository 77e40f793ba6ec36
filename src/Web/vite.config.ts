import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The server serves the pages' files below /ui/ and the first page at / (src/Api/WebUi).
const server = process.env.KISMET_SERVER ?? "http://127.0.0.1:2501";

export default defineConfig({
  base: "/ui/",
  plugins: [react()],
  build: {
    target: "es2022",
    // No inline data: what the browser caches for ever has a name of its own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
    // What every page needs is one file, not a dozen of some hundred bytes, each of which is a request.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [{ name: "shared", test: /src\/(api|live)\/|src\/shell\/notices|node_modules\/@tanstack\/(react-query|query-core)\// }],
        },
      },
    },
  },
  server: {
    proxy: {
      // Everything but our own files is the API.
      "^/(?!ui/)": { target: server, ws: true },
      // … and what the server itself says below /ui/.
      "^/ui/(settings\\.json|plans/)": { target: server },
    },
  },
});
