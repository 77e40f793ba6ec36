using System.Diagnostics;
using KismetOrleans.Api.Tests;

namespace KismetOrleans.Silo.Tests.Processes;

/// <summary>
/// The version after this one, as far as others notice: a copy of the sources with a field more in what versions tell each other, made as docs/howto.md ("a field that other
/// versions meet") says, and a format of observations that only it reads. It is built beside the tests. Each device counts in its new field the packets that a datasource and a partition of that version both saw.
/// </summary>
internal static class NextVersion
{
    /// <summary>What programs of it say that they are.</summary>
    public const string Number = "0.2.0-next";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(9);
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "next-version");

    // What stands in a file once, and what the next version has there.
    private static readonly (string File, string Before, string After)[] s_changes =
    [
        // A stored device.
        ("src/Records/Devices/Device.cs", "public UnreadFields? Unread;", "public UnreadFields? Unread; public ulong NextPackets;"),
        (
            "src/Records/Devices/DeviceTable.cs", "Field.UInt64(\"kismet.device.base.packets.rx_total\"",
            "Field.UInt64(\"kismet.device.base.packets.next\", \"of the next version\", static d => d.NextPackets), Field.UInt64(\"kismet.device.base.packets.rx_total\""
        ),
        ("src/Engine/Persistence/DeviceCodec.cs", "SeenByLeftOut = 1 << 17,", "SeenByLeftOut = 1 << 17, Next = 1 << 18,"),
        ("src/Engine/Persistence/DeviceCodec.cs", "((uint)Parts.SeenByLeftOut << 1) - 1", "((uint)Parts.Next << 1) - 1"),
        (
            "src/Engine/Persistence/DeviceCodec.cs", "| (device.SeenByLeftOut == 0 ? 0 : Parts.SeenByLeftOut);",
            "| (device.SeenByLeftOut == 0 ? 0 : Parts.SeenByLeftOut) | (device.NextPackets == 0 ? 0 : Parts.Next);"
        ),
        (
            "src/Engine/Persistence/DeviceCodec.cs", "writer.UInt(device.SeenByLeftOut);\n        }",
            "writer.UInt(device.SeenByLeftOut);\n        }\n        if (device.NextPackets > 0) { writer.UInt(device.NextPackets); }"
        ),
        (
            "src/Engine/Persistence/DeviceCodec.cs", "device.SeenByLeftOut = (parts & Parts.SeenByLeftOut) == 0 ? 0 : reader.UInt32();",
            "device.SeenByLeftOut = (parts & Parts.SeenByLeftOut) == 0 ? 0 : reader.UInt32(); device.NextPackets = (parts & Parts.Next) == 0 ? 0 : reader.UInt64();"
        ),

        // What datasources tell partitions.
        ("src/Engine/Observations/Observation.cs", "public ulong Hash;", "public ulong Hash; public ushort NextMark;"),
        ("src/Engine/Observations/ObservationLayout.cs", "public const int Bytes = 138;", "public const int Bytes = 140;"),
        (
            "src/Engine/Observations/ObservationLayout.cs", "Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 137), o.HasRadio);",
            "Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 137), o.HasRadio); Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 138), o.NextMark);"
        ),
        (
            "src/Engine/Observations/ObservationLayout.cs", "o.HasRadio = Unsafe.ReadUnaligned<byte>(ref Unsafe.Add(ref from, 137)) != 0;",
            "o.HasRadio = Unsafe.ReadUnaligned<byte>(ref Unsafe.Add(ref from, 137)) != 0; o.NextMark = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref from, 138));"
        ),
        ("src/Engine/Datasources/FrameDissector.cs", "o.HasRadio = radio.HeaderLength > 0 ||", "o.NextMark = 1; o.HasRadio = radio.HeaderLength > 0 ||"),
        ("src/Engine/Tracking/DeviceUpdater.cs", "device.Packets++;", "device.Packets++; device.NextPackets += o.NextMark;"),

        // A change that this version could not read.
        ("src/Engine/Observations/FormatVersion.cs", "public const int Newest = 2;", "public const int Newest = 3;"),
        ("src/Engine/Observations/ObservationCodec.cs", "WriteUInt32LittleEndian(all[4..], batch.Clock)", "WriteUInt32LittleEndian(all[4..], version > 2 ? ~batch.Clock : batch.Clock)"),
        ("src/Engine/Observations/ObservationCodec.cs", "BinaryPrimitives.ReadUInt32LittleEndian(all[4..])", "(header.Version > 2 ? ~BinaryPrimitives.ReadUInt32LittleEndian(all[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(all[4..]))"),

        // What agents say, and what goes of it from grain to grain.
        ("src/Packets/Protocol/Hello.cs", "public string Version { get; init; } = \"\";", "public string Version { get; init; } = \"\"; public string Next { get; init; } = \"\";"),
        ("src/Packets/Protocol/Hello.cs", "to.Int64(HostClock?.BaseNs ?? 0);", "to.Int64(HostClock?.BaseNs ?? 0); to.Text(Next);"),
        ("src/Packets/Protocol/Hello.cs", "{ Boot: not 0 } clock ? clock : null,", "{ Boot: not 0 } clock ? clock : null, Next = from.HasMore ? from.Text() : \"\","),
        ("src/Capture/Edge/EdgeSource.cs", "Version = AgentOptions.Version,", "Version = AgentOptions.Version, Next = \"agent\","),
        ("src/Api/Sensors/SensorMessages.cs", "Version = hello.Version,", "Version = hello.Version, Next = hello.Next,"),
        ("src/Engine/Datasources/IDatasource.cs", "[Id(12)] public IReadOnlyList<string> Interfaces", "[Id(60)] public string Next { get; init; } = \"\"; [Id(12)] public IReadOnlyList<string> Interfaces"),
        ("src/Engine/Datasources/RemoteDatasource.cs", "Version = hello.Version,", "Version = hello.Version, Next = hello.Next,"),
        ("src/Records/Datasources/DatasourceRecord.cs", "[Id(40)] public uint LinkTypeOverride", "[Id(60)] public string Next { get; init; } = \"\"; [Id(40)] public uint LinkTypeOverride"),
        (
            "src/Engine/Partitions/BatchOutcome.cs", "[Id(4)] public bool Gap { get; init; }",
            "[Id(4)] public bool Gap { get; init; } [Id(6)] public string? Next { get; init; } = \"next\";"
        ),

        // An alert, kept and sent.
        ("src/Engine/Alerts/AlertCodec.cs", "writer.Write(record.Microseconds);", "writer.Write(record.Microseconds); writer.Write(\"next\");"),
    ];

    /// <summary>Builds its programs; what is there of a build before is used.</summary>
    /// <returns>Folder of their assemblies.</returns>
    public static async Task<string> BuildAsync()
    {
        string sources = Path.Combine(s_folder, "sources");
        Copy(sources);
        string programs = Path.Combine(s_folder, "programs");
        foreach (string program in (string[])["Api", "Capture"])
        {
            // Its own warnings are those of the sources that it was made of.
            await RunAsync(sources, "build", $"src/{program}", "-c", "Release", "-o", programs, "-nodeReuse:false", "-v:quiet", "-p:BuildWeb=false", $"-p:MinVerVersionOverride={Number}",
                "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "-p:EnforceCodeStyleInBuild=false", "-p:NuGetAudit=false");
        }
        return programs;
    }

    private static void Copy(string to)
    {
        ILookup<string, (string File, string Before, string After)> changes = s_changes.ToLookup(static change => change.File);
        HashSet<string> copied = [];
        foreach (string file in Files())
        {
            string text = File.ReadAllText(Path.Combine(Repository.Root, file));
            foreach ((_, string before, string after) in changes[file])
            {
                Assert.True(text.Split(before).Length == 2, $"{file} has '{before}' {text.Split(before).Length - 1} times; NextVersion must be made again");
                text = text.Replace(before, after, StringComparison.Ordinal);
            }
            string path = Path.Combine(to, file);
            _ = copied.Add(path);
            // What is as it was keeps its time, so that it is not built again.
            if (!File.Exists(path) || File.ReadAllText(path) != text)
            {
                _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, text);
            }
        }
        Assert.All(changes, change => Assert.Contains(Path.Combine(to, change.Key), copied));
        foreach (string gone in SourcesIn(to).Where(path => !copied.Contains(path)))
        {
            File.Delete(gone);
        }
    }

    private static IEnumerable<string> Files() =>
    [
        "global.json", "Directory.Build.props", "Directory.Packages.props", ".editorconfig", "src/Server.props", "src/Web/Web.targets",
        .. SourcesIn(Repository.Root).Select(static path => Path.GetRelativePath(Repository.Root, path)),
    ];

    private static IEnumerable<string> SourcesIn(string root) => Directory.Exists(Path.Combine(root, "src"))
        ? Directory.EnumerateDirectories(Path.Combine(root, "src")).Where(static project => Path.GetFileName(project) != "Web")
            .SelectMany(static project => Directory.EnumerateFiles(project, "*", SearchOption.AllDirectories)
                .Where(path => Path.GetRelativePath(project, path).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj")))
        : [];

    private static async Task RunAsync(string folder, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true };
        // No build server may outlive the test.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using Process build = Process.Start(start)!;
        using CancellationTokenSource deadline = new(s_patience);
        using CancellationTokenRegistration killed = deadline.Token.Register(() => build.Kill(entireProcessTree: true));
        string said = await build.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await build.WaitForExitAsync(CancellationToken.None);
        Assert.True(build.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} ends with {build.ExitCode}:\n{said}");
    }
}
