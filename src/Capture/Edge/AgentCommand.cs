using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Runtime.InteropServices;
using KismetOrleans.Capture.Edge.Joining;
using KismetOrleans.Capture.Edge.Spooling;
using KismetOrleans.Packets.Channels;
using KismetOrleans.Packets.Gps;
using KismetOrleans.Packets.Sources;

namespace KismetOrleans.Capture.Edge;

internal static class AgentCommand
{
    /// <summary>Exit code: the command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Environment variable of the key; on a command line all users of the machine can read it.</summary>
    public const string KeyVariable = "KISMET_KEY";

    /// <summary>Environment variable of what <c>--join</c> takes, for the same reason.</summary>
    public const string JoinVariable = "KISMET_JOIN";

    private static readonly Option<Uri[]> s_server = new("--server", "-s")
    {
        Description = "Address of the server, as http://host:2501; of several API servers of a cluster all, with commas between or repeated. A name may have several addresses, too",
        CustomParser = ParseServers,
        Arity = ArgumentArity.OneOrMore,
    };
    private static readonly Option<string> s_join = new("--join")
    {
        Description = "Once: the server's address and a join token, as \"https://host:2501#TOKEN\", for which this host gets a key of its own. It is kept with the spools and renewed; "
            + $"later starts need neither this nor --server and --key. Also in the environment ({JoinVariable})",
    };
    private static readonly Option<string> s_name = new("--name") { Description = "Name under which to join, and by which the server chooses a profile; else that of this host" };
    private static readonly Option<string> s_key = new("--key") { Description = $"Ingest key of the server; better in a file or in the environment ({KeyVariable})" };
    private static readonly Option<FileInfo> s_keyFile = new("--key-file") { Description = "File whose first line is the key" };
    private static readonly Option<SourceDefinition[]> s_capture = new("--capture", "-c")
    {
        Description = "What to capture: wlan0, wlan0:name=lobby,channels=\"1,6,11\",hoprate=3, walk.pcapng, - (a capture by standard input), TCP@host:57012; may be repeated",
        CustomParser = ParseSources,
        Arity = ArgumentArity.OneOrMore,
    };
    private static readonly Option<Guid?> s_uuid = new("--uuid") { Description = "UUID of the source, where there is only one; else derived from host and interface" };
    private static readonly Option<string> s_hostId = new("--host-id") { Description = "Identity of this host in UUIDs, in place of its machine-id" };
    private static readonly Option<string> s_spool = new("--spool") { Description = "Folder for what the server has not saved yet" };
    private static readonly Option<long> s_spoolSize = new("--spool-size")
    {
        Description = "Bytes that each source may keep there, as 256MiB or 2GiB",
        CustomParser = ParseSize,
        DefaultValueFactory = _ => SpoolOptions.DefaultMaxBytes,
    };
    private static readonly Option<bool> s_spoolSync = new("--spool-sync") { Description = "Wait for the disk with each batch: survives a loss of power too" };
    private static readonly Option<bool> s_stay = new("--stay") { Description = "Stay when all capture files are saved" };
    private static readonly Option<GpsDefinition?> s_gps = new("--gps")
    {
        Description = "The GPS beside this host: gpsd, gpsd:host=localhost,port=2947, serial:device=/dev/ttyACM0, tcp:host=phone,port=4352; a source's own is its option gps",
        CustomParser = ParseGps,
    };
    private static readonly Option<int> s_profileTimeout = new("--profile-timeout")
    {
        Description = "Seconds after which a profile of the server is taken back with which no server is reached",
        DefaultValueFactory = _ => 60,
        Validators = { static result => { if (result.GetValueOrDefault<int>() is < 20 or > 3600) { result.AddError("--profile-timeout: expected 20 to 3600 seconds"); } } },
    };
    private static readonly Option<string> s_iw = new("--iw") { Description = "The program iw", DefaultValueFactory = _ => "iw" };

    /// <summary>Runs the agent.</summary>
    /// <returns>0 when all went well, 1 when a source failed, 2 when the command line is wrong or the server lets it not join.</returns>
    public static async Task<int> InvokeAsync(string[] args)
    {
        RootCommand root = new("Captures on this host and sends to a KismetOrleans server.")
        {
            s_server, s_join, s_name, s_key, s_keyFile, s_capture, s_uuid, s_hostId, s_spool, s_spoolSize, s_spoolSync, s_stay, s_gps, s_profileTimeout, s_iw,
        };
        root.SetAction(RunAsync);
        ParseResult parsed = root.Parse(args);
        // Signals are ours: the spool is closed in order.
        int code = await parsed.InvokeAsync(new() { ProcessTerminationTimeout = null });
        return parsed.Errors.Count > 0 ? Usage : code;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        EdgeLog log = new(Console.Error, TimeProvider.System);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        if (Read(parsed, out string? error) is not { } options)
        {
            await Console.Error.WriteLineAsync(error);
            return Usage;
        }
        // Before it joins, which takes as long as there is no server.
        await using SystemdReport systemd = new(log);
        string? join = parsed.GetValue(s_join) ?? Environment.GetEnvironmentVariable(JoinVariable);
        (JoinedKey? joined, int? code) = options.Link.Key is null || parsed.GetValue(s_join) is not null ? await JoinedAsync(options, join, parsed.GetValue(s_name), log, stop.Token) : (null, null);
        if (code is { } over)
        {
            return over;
        }
        if (joined is not null)
        {
            options = options with { Link = options.Link with { Joined = joined, Servers = options.Link.Servers.Count > 0 ? options.Link.Servers : [joined.State.Server] } };
        }
        if (WhyNot(options) is { } missing)
        {
            await Console.Error.WriteLineAsync(missing);
            return Usage;
        }
        if (options.Link.CurrentKey is not null && options.Link.IsInTheClear)
        {
            log.Warn("agent", "the key and all packets go over the network unencrypted; use https");
        }
        return await new EdgeAgent(options, log, TimeProvider.System, Random.Shared).RunAsync(stop.Token);
    }

    // What this host has got by joining, or gets now; or with what to end.
    private static async Task<(JoinedKey? Key, int? Code)> JoinedAsync(AgentOptions options, string? join, string? name, EdgeLog log, CancellationToken stop)
    {
        JoinAddress? address = null;
        if (!string.IsNullOrEmpty(join) && !JoinAddress.TryParse(join, out address, out string? error))
        {
            await Console.Error.WriteLineAsync($"--join: {error}");
            return (null, Usage);
        }
        if (address is not null && options.Link.Key is not null)
        {
            await Console.Error.WriteLineAsync("--join: there is a key already (--key, --key-file, KISMET_KEY); either is given, not both");
            return (null, Usage);
        }
        try
        {
            JoinedState? state = JoinedState.Load(options.SpoolFolder, out string? warning);
            if (warning is not null)
            {
                log.Warn("agent", warning);
            }
            if (address is not null && state?.Token != JoinedState.DigestOf(address.Token))
            {
                if (address.Server is { Scheme: "http", IsLoopback: false })
                {
                    log.Warn("agent", "the join token goes over the network unencrypted; use https");
                }
                state = await new Enrolment(log, TimeProvider.System, Random.Shared).JoinAsync(address, string.IsNullOrEmpty(name) ? Environment.MachineName : name, options.SpoolFolder, stop);
                if (state is null)
                {
                    // A new start would not help.
                    return (null, Usage);
                }
                if (options.Sources.Count == 0)
                {
                    return (null, EdgeAgent.Good);
                }
            }
            return (state is null ? null : new(state, options.SpoolFolder, TimeProvider.System), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            log.Error("agent", e.Message);
            return (null, EdgeAgent.SourceFailed);
        }
        catch (OperationCanceledException)
        {
            return (null, EdgeAgent.Good);
        }
    }

    private static string? WhyNot(AgentOptions options) =>
        options.Link.Servers.Count == 0 ? "--server: where to send is missing: an address, or a join token once (--join)"
        : options.Sources.Count == 0 ? "--capture: what to capture is missing, as -c wlan0"
        : options.Link.Joined is { State.Pins.Count: > 0 } && options.Link.Servers.Any(static server => server.Scheme is "http" or "ws")
            ? "--server: this sensor joined a server whose certificate is pinned, so its addresses are those of https"
        : null;

    private static AgentOptions? Read(ParseResult parsed, out string? error)
    {
        SourceDefinition[] sources = parsed.GetValue(s_capture) ?? [];
        string? key = parsed.GetValue(s_key) ?? Environment.GetEnvironmentVariable(KeyVariable);
        error = null;
        if (parsed.GetValue(s_keyFile) is { } file)
        {
            try
            {
                key = File.ReadLines(file.FullName).FirstOrDefault()?.Trim();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                error = $"--key-file: {e.Message}";
            }
        }
        if (parsed.GetValue(s_uuid) is not null && sources.Length > 1)
        {
            error = "--uuid: there are several sources; give each its own, as in -c wlan0:uuid=…";
        }
        return error is not null ? null : new()
        {
            Link = new(parsed.GetValue(s_server) ?? [], string.IsNullOrEmpty(key) ? null : key),
            Sources = sources,
            SpoolFolder = parsed.GetValue(s_spool) ?? DefaultSpool(),
            SpoolBytes = parsed.GetValue(s_spoolSize),
            SpoolSync = parsed.GetValue(s_spoolSync),
            Uuid = parsed.GetValue(s_uuid),
            HostId = parsed.GetValue(s_hostId) ?? HostIdentity.Read(),
            Stay = parsed.GetValue(s_stay),
            Gps = parsed.GetValue(s_gps),
            Name = parsed.GetValue(s_name) is { Length: > 0 } name ? name : Environment.MachineName,
            ProfileTimeout = TimeSpan.FromSeconds(parsed.GetValue(s_profileTimeout)),
            Tuner = new IwTuner(parsed.GetValue(s_iw)!),
        };
    }

    /// <summary>Where spools are unless told otherwise: systemd's folder for state, else the user's.</summary>
    internal static string DefaultSpool() =>
        Environment.GetEnvironmentVariable("STATE_DIRECTORY") is { Length: > 0 } state ? Path.Combine(state.Split(':')[0], "spool")
        : Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } home ? Path.Combine(home, "kismetorleans", "spool")
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state", "kismetorleans", "spool");

    private static Uri[] ParseServers(ArgumentResult result)
    {
        List<Uri> servers = [];
        foreach (string text in result.Tokens.SelectMany(static token => token.Value.Split(',', StringSplitOptions.TrimEntries)))
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" or "ws" or "wss" && uri.Host.Length > 0)
            {
                servers.Add(uri);
            }
            else
            {
                result.AddError($"--server: '{text}' is no address of a server; http://host:2501 is");
            }
        }
        return [.. servers.Distinct()];
    }

    private static SourceDefinition[] ParseSources(ArgumentResult result)
    {
        List<SourceDefinition> sources = [];
        foreach (Token token in result.Tokens)
        {
            if (SourceDefinition.TryParse(token.Value, out SourceDefinition? definition, out string? error))
            {
                sources.Add(definition);
                try
                {
                    GpsReceiver.Check(definition.Gps);
                }
                catch (GpsException e)
                {
                    result.AddError($"source '{token.Value}': option gps: {e.Message}");
                }
            }
            else
            {
                result.AddError(error);
            }
        }
        return [.. sources];
    }

    private static GpsDefinition? ParseGps(ArgumentResult result)
    {
        try
        {
            GpsDefinition gps = GpsDefinition.Parse(result.Tokens.Single().Value);
            GpsReceiver.Check(gps);
            return gps;
        }
        catch (GpsException e)
        {
            result.AddError($"--gps: {e.Message}");
            return null;
        }
    }

    private static long ParseSize(ArgumentResult result)
    {
        string text = result.Tokens.Single().Value;
        int digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        int shift = (digits < 0 ? "" : text[digits..].ToUpperInvariant()) switch
        {
            "" or "B" => 0,
            "K" or "KB" or "KIB" => 10,
            "M" or "MB" or "MIB" => 20,
            "G" or "GB" or "GIB" => 30,
            _ => -1,
        };
        // Up to 16 TiB, which shifts without overflow.
        if (shift >= 0 && long.TryParse(digits < 0 ? text : text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            && value <= (1L << 44) >> shift && value << shift >= SpoolOptions.LeastMaxBytes)
        {
            return value << shift;
        }
        result.AddError($"--spool-size: '{text}' is no size; 256MiB is, and {SpoolOptions.LeastMaxBytes >> 20}MiB are the least");
        return 0;
    }
}
