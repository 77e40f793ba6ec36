#!/usr/bin/env bash
# Makes what is released of the commit that is checked out: release.sh [FOLDER]     (./release/VERSION unless told otherwise)
#   kismetorleans-VERSION-RID.tar.gz, .zip      the server (API, silo, pages), self-contained, for linux-x64, linux-arm64 and win-x64
#   kismetorleans-agent-VERSION-RID.tar.gz      the agent as one native program, for linux-x64 and linux-arm64
#   kismetorleans_VERSION_ARCH.deb, kismetorleans-agent_VERSION_ARCH.deb    the same as packages, with their systemd units
#   server.cdx.json, agent.cdx.json             what is in them (CycloneDX)
#   SHA256SUMS
# The same commit gives the same bytes. Needs the .NET 10 SDK, git, npm, gcc, zip, dpkg-deb, and for linux-arm64 Debian's gcc-aarch64-linux-gnu.
# RELEASE_RIDS="linux-x64" makes less. check.sh tries what came out.
set -euo pipefail
here=$(realpath "$(dirname "$0")")
root=$(git -C "$here" rev-parse --show-toplevel)
rids=${RELEASE_RIDS:-linux-x64 linux-arm64 win-x64}

need() { command -v "$1" >/dev/null || { echo "release.sh: $1 is missing${2:+ (Debian: $2)}" >&2; exit 2; }; }
need dotnet; need git git; need npm npm; need zip zip; need dpkg-deb dpkg; need gcc gcc
[[ $rids != *linux-arm64* ]] || need aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
if [ -n "$(git -C "$root" status --porcelain)" ]; then
  echo "release.sh: there are changes that are not committed; what is released is the commit alone" >&2
  exit 2
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A clone: nothing of the folder's own builds gets in. Its tags say which version this is.
git clone -q "file://$root" "$work/source"
git -C "$work/source" checkout -q "$(git -C "$root" rev-parse HEAD)"
cd "$work/source"
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1 TZ=UTC LC_ALL=C
common=(-c Release -v quiet -p:ContinuousIntegrationBuild=true -p:DebugType=none -p:DebugSymbols=false -p:SatelliteResourceLanguages=en)

# Restored only: what is built here would be published, without the properties above.
dotnet restore src/Wire -v quiet
version=$(dotnet msbuild src/Wire -t:MinVer -getProperty:MinVerVersion)
[ -n "$version" ] || { echo "release.sh: git says no version" >&2; exit 1; }
# "~" sorts before what follows: a pre-release is older than its release.
deb_version=${version/-/\~}
to=$(realpath -m "${1:-$root/release/$version}")
rm -rf "$to"
mkdir -p "$to"
echo "== version $version, $(git rev-parse --short HEAD), to $to"

# gcc knows no --target=, which the SDK passes when it links for another processor: clang's word.
cat >"$work/aarch64-gcc" <<'WRAPPER'
#!/bin/sh
for argument; do
  shift
  case $argument in --target=*) ;; *) set -- "$@" "$argument" ;; esac
done
exec aarch64-linux-gnu-gcc "$@"
WRAPPER
chmod +x "$work/aarch64-gcc"

# One form of every folder: owners, times and order of a file system stay out.
settle() {
  find "$1" -type d -exec chmod 755 {} +
  find "$1" -type f -exec chmod 644 {} +
  find "$1" -type f \( -name KismetOrleans.Api -o -name KismetOrleans.Silo -o -name KismetOrleans.Capture -o -name createdump \) -exec chmod 755 {} +
  find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
}

# pack PARENT FOLDER RID
pack() {
  cp LICENSE CHANGELOG.md "$1/$2/"
  settle "$1/$2"
  case $3 in
    win-*) (cd "$1" && find "$2" | sort | zip -q -X -9 "$to/$2-$version-$3.zip" -@) ;;
    *) tar -C "$1" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -cf - "$2" | gzip -9n >"$to/$2-$version-$3.tar.gz" ;;
  esac
}

# package NAME FOLDER RID UNIT…: a .deb that has the folder in /opt.
package() {
  local name=$1 folder=$2 rid=$3 arch size unit
  shift 3
  case $rid in linux-x64) arch=amd64 ;; linux-arm64) arch=arm64 ;; *) return ;; esac
  local tree=$work/deb/$name-$arch
  mkdir -p "$tree/DEBIAN" "$tree/opt" "$tree/lib/systemd/system" "$tree/etc/kismetorleans" "$tree/usr/share/doc/$name"
  cp -r "$folder" "$tree/opt/$name"
  rm "$tree/opt/$name/LICENSE" "$tree/opt/$name/CHANGELOG.md"
  cp LICENSE "$tree/usr/share/doc/$name/copyright"
  gzip -9nc CHANGELOG.md >"$tree/usr/share/doc/$name/changelog.gz"
  for unit; do cp "systemd/$unit.service" "$tree/lib/systemd/system/"; done
  cp "tools/release/debian/$name/"*.env "$tree/etc/kismetorleans/"
  settle "$tree"
  # Passwords and keys stand in them.
  chmod 600 "$tree/etc/kismetorleans/"*.env
  (cd "$tree" && find etc -type f | sort | sed 's|^|/|') >"$tree/DEBIAN/conffiles"
  # Of the files alone: what a folder takes differs by file system.
  size=$(find "$tree" -type f -printf '%s\n' | awk '{ kib += int(($1 + 1023) / 1024) } END { print kib }')
  sed -e "s/@VERSION@/$deb_version/; s/@ARCH@/$arch/; s/@SIZE@/$size/" "tools/release/debian/$name/control" >"$tree/DEBIAN/control"
  for script in postinst prerm postrm; do
    sed -e "s/@UNITS@/$*/" "tools/release/debian/$script" >"$tree/DEBIAN/$script"
    chmod 755 "$tree/DEBIAN/$script"
  done
  find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  dpkg-deb --root-owner-group -Zxz --build "$tree" "$to/${name}_${deb_version}_$arch.deb" >/dev/null
}

for rid in $rids; do
  echo "== server, $rid"
  # With the documentation files of our own assemblies: --help reads them.
  dotnet publish src/Api "${common[@]}" -r "$rid" --self-contained -o "$work/$rid/kismetorleans"
  pack "$work/$rid" kismetorleans "$rid"
  package kismetorleans "$work/$rid/kismetorleans" "$rid" kismetorleans kismetorleans-silo
done

for rid in $rids; do
  case $rid in
    linux-x64) native=(-p:CppCompilerAndLinker=gcc) ;;
    linux-arm64) native=(-p:CppCompilerAndLinker="$work/aarch64-gcc" -p:ObjCopyName=aarch64-linux-gnu-objcopy) ;;
    *) continue ;;
  esac
  echo "== agent, $rid"
  dotnet publish src/Capture "${common[@]}" -r "$rid" -p:PublishDocumentationFiles=false -p:PublishAot=true -p:IlcTreatWarningsAsErrors=true "${native[@]}" -o "$work/$rid/kismetorleans-agent"
  rm -f "$work/$rid/kismetorleans-agent/"*.dbg
  pack "$work/$rid" kismetorleans-agent "$rid"
  package kismetorleans-agent "$work/$rid/kismetorleans-agent" "$rid" kismetorleans-agent
done

echo "== what is in them"
dotnet tool restore >/dev/null
for program in server:Api agent:Capture; do
  dotnet tool run dotnet-CycloneDX "src/${program#*:}/${program#*:}.csproj" --no-serial-number --set-version "$version" -F Json -o "$work" -fn sbom.json >/dev/null
  # The time of the commit, not of the run.
  sed -E "s/(\"timestamp\": \")[^\"]*/\1$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)/" "$work/sbom.json" >"$to/${program%:*}.cdx.json"
done
(cd "$to" && sha256sum -- * >"$work/SHA256SUMS" && mv "$work/SHA256SUMS" .)
ls -l "$to"
