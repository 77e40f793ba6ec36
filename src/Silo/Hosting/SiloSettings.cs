using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Grains.Alerts.Outlets;
using KismetOrleans.Silo.Operations;

namespace KismetOrleans.Silo.Hosting;

/// <summary>The settings of a silo; an API server and the embedded server have more.</summary>
public static class SiloSettings
{
    public static SettingCatalogue New() => new SettingCatalogue()
        .Add("Urls", typeof(string), "Where to listen; a silo has its health there.")
        .Add("Storage:Postgres", typeof(string), "Connection string of the database; it makes this process one of a cluster.")
        .Add("Storage:SaveEvery", typeof(TimeSpan), "Least time between two saves of a partition, up to 20 s.")
        .Add("Partitions", typeof(int), "Partitions of the devices; only schema apply changes those of a database.")
        .Add("Cluster:Id", typeof(string), "Identity of this deployment of the cluster.")
        .Add("Cluster:ServiceId", typeof(string), "Identity of the service, which outlives deployments.")
        .Add(ClusterTls.CertificateKey, typeof(string), "PEM file of the certificate that this process shows to the others of the cluster, which then show theirs.")
        .Add(ClusterTls.KeyKey, typeof(string), "PEM file of its key, where it is not in the same file.")
        .Add(ClusterTls.AuthorityKey, typeof(string), "PEM file of the cluster's own authority: who has a certificate of it belongs to the cluster.")
        .Add("Silo:Port", typeof(int), "Port for other silos.")
        .Add("Silo:GatewayPort", typeof(int), "Port for API servers.")
        .Add("Silo:AdvertisedIp", typeof(string), "Address under which other machines reach this silo, auto for the machine's first; none for this machine alone.")
        .Add("Silo:Primary", typeof(int), "Port of this machine's first silo, for a cluster without a database.")
        .Add<LivenessOptions>(LivenessOptions.Section)
        .Add("Manufacturers:Folder", typeof(string), "Where the IEEE registry is.")
        .Add("Aircraft:Registry", typeof(string), "File of registered aircraft, of Kismet's package kismet-adsb-icao-data.")
        .Add("Log:Types", typeof(string), "Logs to write from the start, with commas between: kismet, pcapng, pcapppi, wiglecsv.")
        .Add<LogOptions>("Log")
        .Add<TrackingOptions>("Tracking")
        .Add<StreamOptions>("Streams")
        .Add<ConnectionOptions>("Connections")
        .Add<AlertOptions>("Alerts")
        .Add<OutletOptions>("Alerts:Outlets")
        .Add("Gps:*", typeof(string), "A GPS: gpsd:host=localhost, serial:device=/dev/ttyUSB0, tcp:host=…, virtual:lat=…,lon=… or web.")
        .Add("Buildings:?", typeof(string), "Where a building's corner is, lat,lon[,alt[,bearing]], for sources with place=building:floor:x,y,z.")
        .Add("Otlp:Endpoint", typeof(Uri), "Root of the collector that metrics and spans are sent to.")
        .Add("Otlp:Protocol", typeof(string), "grpc or http/protobuf.")
        .Add("Otlp:Interval", typeof(TimeSpan), "Time between two exports of metrics.")
        .Add("Otlp:TraceRatio", typeof(double), "Share of requests, saves and batches that are traced, 0 to 1.")
        .Add(PrometheusEndpoint.EnabledKey, typeof(bool), "Whether Prometheus may read the metrics at /metrics; false without a word. An API server asks for what reading needs, a silo for nothing.")
        .Add("Logging:**", typeof(string), "Levels and form of the log, as ASP.NET has them: Logging:LogLevel:Default, Logging:Console:FormatterName.")
        .Add("Kestrel:**", typeof(string), "Endpoints and certificates, as Kestrel has them.")
        .Add("Environment", typeof(string), "Name of the environment, as ASP.NET has it.")
        .Add("AllowedHosts", typeof(string), "Host names that are answered, as ASP.NET has them.");
}
