# The edge agent: docker build -f docker/capture.Dockerfile -t kismetorleans/capture:0.1.0 .
#   docker run -e KISMET_KEY -v spool:/var/lib/kismetorleans -v "$PWD:/captures:ro" kismetorleans/capture \
#     --server http://host:2501 --host-id here -c /captures/walk.pcapng
# A radio needs the host's network and, for root alone, two capabilities:
#   docker run --network host --user 0 --cap-drop ALL --cap-add NET_RAW --cap-add NET_ADMIN … -c wlan0
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble@sha256:e70cdb7f80b0348f5cb85f19a8f670fca061f033d57eed12fa003d58b0e06317 AS build
WORKDIR /source
COPY Directory.Build.props Directory.Packages.props global.json .editorconfig ./
COPY src src
ARG VERSION=
ARG REVISION=
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet publish src/Capture/Capture.csproj -c Release -o /app -p:UseAppHost=false -p:RestoreLockedMode=true -p:MinVerVersionOverride=$VERSION -p:SourceRevisionId=$REVISION

# Not chiseled: libpcap and iw, which tunes the radio, come as packages.
FROM mcr.microsoft.com/dotnet/runtime:10.0-noble@sha256:b89586dc17781f25531909993658aa8161205ae38b8cec8847df4a8221a403d5
RUN apt-get update && apt-get install -y --no-install-recommends iw libpcap0.8t64 && rm -rf /var/lib/apt/lists/* \
    && install -d -o 1654 -g 1654 /var/lib/kismetorleans
COPY --from=build /app /app
ENV STATE_DIRECTORY=/var/lib/kismetorleans DOTNET_EnableDiagnostics=0
VOLUME /var/lib/kismetorleans
USER 1654:1654
# No HEALTHCHECK: the agent listens to nothing. How it does stands in its datasource record at the server; when it cannot go on, it ends.
ENTRYPOINT ["dotnet", "/app/KismetOrleans.Capture.dll"]
