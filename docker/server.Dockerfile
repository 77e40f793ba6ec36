# Silo and API server of a cluster, two programs in one image: docker build -f docker/server.Dockerfile -t kismetorleans/server:0.1.0 .
#   docker run … kismetorleans/server KismetOrleans.Silo.dll               a silo
#   docker run … kismetorleans/server KismetOrleans.Silo.dll schema apply  brings the database up to this version, and ends
#   docker run … kismetorleans/server KismetOrleans.Api.dll                an API server; without Storage__Postgres an embedded server
FROM node:22-bookworm-slim@sha256:43ac6c60b8f89723f746e8a92ce91abd5017e627ce1ddfe4238355d3a30b772c AS web
WORKDIR /source
COPY src src
RUN --mount=type=cache,target=/root/.npm cd src/Web && npm ci --ignore-scripts && npm run build && date > dist/built.txt

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble@sha256:e70cdb7f80b0348f5cb85f19a8f670fca061f033d57eed12fa003d58b0e06317 AS build
RUN apt-get update && apt-get install -y --no-install-recommends ieee-data && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Directory.Build.props Directory.Packages.props global.json .editorconfig ./
COPY src src
COPY --from=web /source/src/Web/dist src/Web/dist
ARG VERSION=
ARG REVISION=
# The API refers to the silo's program, which is published with it.
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet publish src/Api/Api.csproj -c Release -o /app -p:UseAppHost=false -p:RestoreLockedMode=true -p:MinVerVersionOverride=$VERSION -p:SourceRevisionId=$REVISION

# Chiseled: no shell, no package manager, and user 1654 ("app").
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled@sha256:48e51f2f6798897be7ac4e775c049ed8fe60d3190f637e1f9c9dc7513efa659c
COPY --from=build /usr/share/ieee-data /usr/share/ieee-data
COPY --from=build /app /app
# There is no Kerberos library here for Npgsql to look for.
ENV PGGSSENCMODE=disable DOTNET_EnableDiagnostics=0
# 2501: an API server. 8081: a silo's health. 11111, 30000: between silos, and from API servers to them.
EXPOSE 2501 8081 11111 30000
USER 1654:1654
WORKDIR /app
# The same for both programs: the address is that of Urls, as the server itself reads it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=120s --retries=4 CMD ["dotnet", "/app/KismetOrleans.Silo.dll", "health"]
ENTRYPOINT ["dotnet"]
