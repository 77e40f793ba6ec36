# The server in one process: docker build -f docker/embedded.Dockerfile -t kismetorleans/embedded:0.1.0 .
#   docker run -p 127.0.0.1:2501:2501 -v kismet:/var/lib/kismetorleans kismetorleans/embedded
# Live capture needs the host's network and, for root alone, two capabilities:
#   docker run --network host --user 0 --cap-drop ALL --cap-add NET_RAW --cap-add NET_ADMIN … kismetorleans/embedded -c wlan0
FROM node:22-bookworm-slim@sha256:43ac6c60b8f89723f746e8a92ce91abd5017e627ce1ddfe4238355d3a30b772c AS web
WORKDIR /source
COPY src src
RUN --mount=type=cache,target=/root/.npm cd src/Web && npm ci --ignore-scripts && npm run build && date > dist/built.txt

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble@sha256:e70cdb7f80b0348f5cb85f19a8f670fca061f033d57eed12fa003d58b0e06317 AS build
WORKDIR /source
COPY Directory.Build.props Directory.Packages.props global.json .editorconfig ./
COPY src src
COPY --from=web /source/src/Web/dist src/Web/dist
ARG VERSION=
ARG REVISION=
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet publish src/Api/Api.csproj -c Release -o /app -p:UseAppHost=false -p:RestoreLockedMode=true -p:MinVerVersionOverride=$VERSION -p:SourceRevisionId=$REVISION

# Not chiseled: libpcap comes as a package.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble@sha256:2d584d8147faddb0d678c5748d47953e5b8e18621ed4fb7049a91381d9d7746f
RUN apt-get update && apt-get install -y --no-install-recommends ieee-data libpcap0.8t64 && rm -rf /var/lib/apt/lists/* \
    && install -d -o 1654 -g 1654 /var/lib/kismetorleans
COPY --from=build /app /app
ENV STATE_DIRECTORY=/var/lib/kismetorleans URLS=http://0.0.0.0:2501 DOTNET_EnableDiagnostics=0
VOLUME /var/lib/kismetorleans
EXPOSE 2501
USER 1654:1654
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=4 CMD ["dotnet", "/app/KismetOrleans.Api.dll", "health"]
ENTRYPOINT ["dotnet", "/app/KismetOrleans.Api.dll"]
