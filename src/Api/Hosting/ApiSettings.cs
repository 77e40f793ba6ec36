using KismetOrleans.Api.Http;
using KismetOrleans.Api.Ingest;
using KismetOrleans.Api.Sensors.RemoteCapture;
using KismetOrleans.Api.Sensors.Tzsp;
using KismetOrleans.Api.WebUi;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Scanning;
using KismetOrleans.Engine.Server;
using KismetOrleans.Silo.Hosting;

namespace KismetOrleans.Api.Hosting;

/// <summary>The settings of the embedded server and of API servers.</summary>
internal static class ApiSettings
{
    /// <summary>How the program is called.</summary>
    public const string Usage = """
        KismetOrleans.Api [-c <source>]… [--<setting> <value>]…
        KismetOrleans.Api health [address]      asks a server whether it is ready

        Serves Kismet's REST API, on http://127.0.0.1:2501 unless --Urls says otherwise: with a silo in this process, or, with --Storage:Postgres or a setting of
        Cluster:…, as an API server of a cluster.

          -c, --capture <source>
              A capture file or interface, then options: walk.pcapng:name=hall,realtime=true, wlan0:channels="1,6,11". May repeat.

        """;

    public static SettingCatalogue New() => SiloSettings.New()
        .Add("Storage:Sqlite", typeof(string), "File that keeps devices and sources; none keeps nothing.")
        .Add("Sources:*", typeof(string), "Sources to open where the command line names none.")
        .Add($"{CaptureArguments.CommandLineKey}:*", typeof(string), "Sources of the command line.")
        .Add<ServerIdentity>("Server")
        .Add("Api:Dialect", typeof(Dialect), "Which generation of Kismet's API decides where answers differ in shape.")
        .Add("Api:AllowCors", typeof(bool), "Whether pages from elsewhere may use the API.")
        .Add("Api:AllowedOrigin", typeof(string), "The only origin of such pages, which may use cookies and passwords.")
        .Add("Api:HostNames:*", typeof(string), "A name by which the server is asked, beside localhost: kismet.example.org or kismet.example.org:8443.")
        .Add("Api:SourceFolders:*", typeof(string), "A folder from which add_source opens capture files; without any, all while the server listens on this machine alone, else none.")
        .Add("Api:TrustedProxies:*", typeof(string), "A proxy, address or network, whose X-Forwarded-For says who the client is.")
        .Add("Auth:Username", typeof(string), "The administrator's name.")
        .Add("Auth:Password", typeof(string), "The administrator's password.")
        .Add("Auth:Reads", typeof(string), "open or login: whether reads need a login.")
        .Add("Auth:SecretFile", typeof(string), "A file of 32 random bytes or more without which the database makes no session; the same on all API servers.")
        .Add("Auth:SessionHours", typeof(double), "How long a session holds.")
        .Add("Auth:SensorKeyDays", typeof(double), "How long the key of a sensor that joined holds unless it renews it, which it does after two thirds.")
        .Add("Auth:PinCertificates", typeof(bool), "Whether sensors that join by TLS know the server by its public key from then on, whoever signed its certificate.")
        .Add("Auth:Pins:*", typeof(string), "Another public key by which they know it, of a proxy, of another API server or to come: SHA-256 of SubjectPublicKeyInfo, base64url.")
        .Add("Auth:AllowKeyCreation", typeof(bool), "Whether keys are made and revoked by command.")
        .Add<IngestKeyOptions>("Ingest:Keys:*")
        .Add<RemoteOptions>(RemoteOptions.Section)
        .Add<TzspOptions>(TzspOptions.Section)
        .Add<ScanIntakeOptions>("Scanning")
        .Add<ScanReplayOptions>("Scanning:Replay")
        .Add<EventOptions>("Events")
        .Renamed("Events:QueueOctets", "Events:QueueBytes")
        .Renamed("Scanning:MaxWaitingOctets", "Scanning:MaxWaitingBytes")
        .Renamed("Scanning:MaxUnappliedOctets", "Scanning:MaxUnappliedBytes")
        .Renamed("Scanning:JournalPatience", "Scanning:JournalTimeout")
        .Renamed("Scanning:MaxEntryOctets", "Scanning:MaxEntryBytes")
        .Add("Views:*:Id", typeof(string), "A view of the users: its name.")
        .Add("Views:*:Description", typeof(string), "What it is for.")
        .Add("Views:*:Filter:**", typeof(string), "Which devices belong to it.")
        .Add<WebUiOptions>("WebUi")
        .Add("WebUi:KismetPath", typeof(string), "Kismet's folder http_data, for its own page below /kismet-ui/.")
        .Add("WebUi:KismetAtRoot", typeof(bool), "Whether its page is at /, too.");
}
