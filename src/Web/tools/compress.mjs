// Puts a .br and a .gz beside each built file that is worth it: the server sends them as they are.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const MIN_OCTETS = 1024;
const TYPES = /\.(js|css|html|svg|json|webmanifest|ico)$/;

function* files(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) {
      yield* files(path);
    } else {
      yield path;
    }
  }
}

for (const path of files("dist")) {
  const octets = readFileSync(path);
  if (TYPES.test(path) && octets.length >= MIN_OCTETS) {
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
    writeFileSync(`${path}.br`, brotliCompressSync(octets, quality));
    writeFileSync(`${path}.gz`, gzipSync(octets, { level: 9 }));
  }
}
