using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.SensorProfile>;

namespace KismetOrleans.Records.Server;

/// <summary>What the server sets for agents (<c>kismet.profile.*</c>, not in Kismet).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Another number for each state of any profile.</param>
/// <param name="Changed">Unix second of its last change.</param>
/// <param name="Maker">Name of the login that changed it last.</param>
/// <param name="Sites">Sites for which it is, with * and ? for any; none for all.</param>
/// <param name="Sensors">Names of agents for which it is, with * and ? for any; none for all.</param>
/// <param name="Sources">Definitions of sources, as <c>Packets.Sources.ProfiledSources</c> has them.</param>
/// <param name="Gps">GPS of sources that name none; "" for what the agent has.</param>
/// <param name="SpoolBytes">Bytes that each source may keep in its spool; 0 for as many as it may.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.SensorProfile")]
public sealed record SensorProfile(
    [property: Id(0)] string Name, [property: Id(1)] long Version, [property: Id(2)] long Changed, [property: Id(3)] string Maker, [property: Id(4)] IReadOnlyList<string> Sites,
    [property: Id(5)] IReadOnlyList<string> Sensors, [property: Id(6)] IReadOnlyList<string> Sources, [property: Id(7)] string Gps, [property: Id(8)] long SpoolBytes);

/// <summary>Fields of what the server sets for agents.</summary>
public static class ProfileTable
{
    /// <summary>A profile.</summary>
    public static readonly RecordTable<SensorProfile> Table = new("profile",
    [
        Field.Text("kismet.profile.name", "name of the profile", static p => p.Name),
        Field.UInt64("kismet.profile.version", "another number for each state of any profile", static p => (ulong)p.Version),
        Field.UInt64("kismet.profile.changed", "unix second of its last change", static p => (ulong)p.Changed),
        Field.Text("kismet.profile.maker", "name of the login that changed it last", static p => p.Maker),
        Field.Texts("kismet.profile.sites", "sites for which it is, * and ? for any; none for all", static p => p.Sites),
        Field.Texts("kismet.profile.sensors", "names of agents for which it is, * and ? for any; none for all", static p => p.Sensors),
        Field.Texts("kismet.profile.sources", "sources as definitions, * and ? in the interface for those that an agent has", static p => p.Sources),
        Field.Text("kismet.profile.gps", "gps of sources that name none; empty for what the agent has", static p => p.Gps),
        Field.UInt64("kismet.profile.spool_bytes", "bytes that each source may keep in its spool; 0 for as many as it may", static p => (ulong)p.SpoolBytes),
    ]);
}
