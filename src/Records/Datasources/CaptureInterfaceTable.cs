using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Datasources.CaptureInterface>;

namespace KismetOrleans.Records.Datasources;

/// <summary>An interface that could capture (<c>kismet.datasource.probed.*</c>).</summary>
public sealed record CaptureInterface
{
    public required string Interface { get; init; }

    /// <summary>Driver of the kernel, "" when it has none.</summary>
    public string Hardware { get; init; } = "";

    /// <summary>Whether it is a Wi-Fi radio.</summary>
    public bool IsWireless { get; init; }

    /// <summary>Kind of source that it would be.</summary>
    public DatasourceDriver? Driver { get; init; }

    /// <summary>The source that captures from it; all zeros when none does.</summary>
    public Guid InUse { get; init; }

    /// <summary>Where it is: "" for this server, else the address of the agent's host.</summary>
    public string Host { get; init; } = "";

    public string Version { get; init; } = "";
}

/// <summary>Fields of an interface that could capture.</summary>
public static class CaptureInterfaceTable
{
    public static readonly RecordTable<CaptureInterface> Table = new("interface",
    [
        Field.Text("kismet.datasource.probed.interface", "name in definitions", static i => i.Interface),
        Field.Text("kismet.datasource.probed.capture_interface", "interface that would capture, where it is another one", static _ => ""),
        Field.Text("kismet.datasource.probed.hardware", "driver of the system", static i => i.Hardware),
        Field.Texts("kismet.datasource.probed.options_vec", "options to define it with", static i => i.IsWireless ? s_radio : s_none, "vector[x]"),
        Field.Uuid("kismet.datasource.probed.in_use_uuid", "source that captures from it, zeros when none does", static i => i.InUse),
        Field.Text("kismet.datasource.probed.datasource_version", "version of the capture side", static i => i.Version),
        Field.Record("kismet.datasource.type_driver", "kind of source that it would be", static i => i.Driver, DatasourceDriverTable.Table),
        Field.Text("kismet.datasource.probed.host", "agent's host that has it, not there for this server's", static i => i.Host.Length > 0 ? i.Host : null),
    ]);

    private static readonly string[] s_radio = ["channel", "channels", "hoprate", "shuffle"];
    private static readonly string[] s_none = [];
}
