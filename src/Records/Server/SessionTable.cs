using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.SessionRecord>;

namespace KismetOrleans.Records.Server;

/// <summary>Who asks, as the server sees it (<c>kismet.session.*</c>).</summary>
/// <param name="Role">Role of the login; empty without one.</param>
/// <param name="Name">Name of the key, or of the administrator; empty without a login.</param>
/// <param name="Expires">Unix second at which the login ends; 0 for never, and without one.</param>
/// <param name="MayRead">Whether this request could read.</param>
/// <param name="IsConfigured">Whether there is an administrator.</param>
/// <param name="IsFixed">Whether the administrator's password stands in the settings, and is changed there alone.</param>
public sealed record SessionRecord(string Role, string Name, ulong Expires, bool MayRead, bool IsConfigured, bool IsFixed);

/// <summary>Fields of who asks.</summary>
public static class SessionTable
{
    public static readonly RecordTable<SessionRecord> Table = new("session",
    [
        Field.Text("kismet.session.role", "role of the login; empty without one", static s => s.Role),
        Field.Text("kismet.session.name", "name of the key, or of the administrator", static s => s.Name),
        Field.UInt64("kismet.session.expires", "unix second at which the login ends; 0: never, or no login", static s => s.Expires),
        Field.UInt8("kismet.session.may_read", "whether this request could read", static s => s.MayRead ? (byte)1 : (byte)0),
        Field.UInt8("kismet.session.configured", "whether there is an administrator", static s => s.IsConfigured ? (byte)1 : (byte)0),
        Field.UInt8("kismet.session.fixed", "whether the administrator's password is changed in the settings alone", static s => s.IsFixed ? (byte)1 : (byte)0),
    ]);
}
