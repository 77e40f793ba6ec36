using KismetOrleans.Records.Fields;
using KeyField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.SensorKeyRecord>;
using TokenField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.JoinTokenRecord>;

namespace KismetOrleans.Records.Server;

/// <summary>What lets sensors join (<c>kismet.jointoken.*</c>).</summary>
/// <param name="Id">Number by which it is revoked: 16 hexadecimal digits.</param>
/// <param name="Text">What a sensor shows, told when it is made and never again; null else.</param>
/// <param name="Site">Where the sensors stand; may be empty.</param>
/// <param name="Maker">Name of the login that made it.</param>
/// <param name="Made">Unix second.</param>
/// <param name="Expires">Unix second from which nobody joins by it.</param>
/// <param name="Uses">Sensors that may join by it, in all.</param>
/// <param name="UsesLeft">How many of them still may.</param>
public sealed record JoinTokenRecord(string Id, string? Text, string Site, string Maker, ulong Made, ulong Expires, ulong Uses, ulong UsesLeft);

/// <summary>The key that a sensor gets when it joins, and when it renews its key.</summary>
/// <param name="Name">Name of the key, and so of the sensor.</param>
/// <param name="Expires">Unix second from which it is worth nothing, by the server's clock.</param>
/// <param name="Life">Seconds until then, for whose clock is wrong.</param>
/// <param name="Site">Where the sensor stands; may be empty.</param>
/// <param name="Pins">Public keys by which the sensor knows the server, with blanks between: SHA-256 of SubjectPublicKeyInfo, base64url. Empty for what the system trusts.</param>
public sealed record SensorKeyRecord(string Name, string Text, ulong Expires, ulong Life, string Site, string Pins);

/// <summary>Fields of what lets sensors join.</summary>
public static class JoinTokenTable
{
    /// <summary>What lets sensors join.</summary>
    public static readonly RecordTable<JoinTokenRecord> Table = new("join_token",
    [
        TokenField.Text("kismet.jointoken.id", "number of the token, by which it is revoked", static t => t.Id),
        TokenField.Text("kismet.jointoken.token", "what a sensor shows to join, with the pins of the server behind dots; only when it is made", static t => t.Text),
        TokenField.Text("kismet.jointoken.site", "where the sensors stand that join by it", static t => t.Site),
        TokenField.Text("kismet.jointoken.maker", "name of the login that made it", static t => t.Maker),
        TokenField.UInt64("kismet.jointoken.made", "unix second in which it was made", static t => t.Made),
        TokenField.UInt64("kismet.jointoken.expires", "unix second from which nobody joins by it", static t => t.Expires),
        TokenField.UInt64("kismet.jointoken.uses", "sensors that may join by it, in all", static t => t.Uses),
        TokenField.UInt64("kismet.jointoken.uses_left", "sensors that still may join by it", static t => t.UsesLeft),
    ]);
}

/// <summary>Fields of a sensor's own key.</summary>
public static class SensorKeyTable
{
    /// <summary>A sensor's own key.</summary>
    public static readonly RecordTable<SensorKeyRecord> Table = new("sensor_key",
    [
        KeyField.Text("kismet.sensorkey.name", "name of the key and of the sensor", static k => k.Name),
        KeyField.Text("kismet.sensorkey.key", "the key, told this once", static k => k.Text),
        KeyField.UInt64("kismet.sensorkey.expires", "unix second from which the key is worth nothing", static k => k.Expires),
        KeyField.UInt64("kismet.sensorkey.life", "seconds until then; a sensor renews its key after two thirds of them", static k => k.Life),
        KeyField.Text("kismet.sensorkey.site", "where the sensor stands", static k => k.Site),
        KeyField.Text("kismet.sensorkey.pins", "public keys of the server (sha-256 of SubjectPublicKeyInfo, base64url) with blanks between; empty: what the system trusts", static k => k.Pins),
    ]);
}
