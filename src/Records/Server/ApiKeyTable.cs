using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.ApiKeyRecord>;

namespace KismetOrleans.Records.Server;

/// <summary>A key for programs (<c>kismet.httpd.auth.*</c>). Its text is told when it is made, and never again.</summary>
/// <param name="Role">What it may do.</param>
/// <param name="Expires">Unix second from which it is worth nothing; 0 for never.</param>
/// <param name="Scope">UUID of the one sensor that it may feed, as printed; null for any.</param>
/// <param name="Site">Site of a sensor that joined and has this key; null for other keys.</param>
public sealed record ApiKeyRecord(string Name, string Role, ulong Expires, string? Scope, string? Site = null);

/// <summary>Fields of a key for programs.</summary>
public static class ApiKeyTable
{
    public static readonly RecordTable<ApiKeyRecord> Table = new("apikey",
    [
        Field.Text("kismet.httpd.auth.name", "name of the key", static k => k.Name),
        Field.Text("kismet.httpd.auth.role", "what the key may do", static k => k.Role),
        Field.UInt64("kismet.httpd.auth.expiration", "unix second from which the key is worth nothing; 0: never", static k => k.Expires),
        Field.Text("kismet.httpd.auth.scope", "uuid of the one sensor that the key may feed", static k => k.Scope),
        Field.Text("kismet.httpd.auth.site", "site of the sensor that joined and has the key", static k => k.Site),
    ]);
}
