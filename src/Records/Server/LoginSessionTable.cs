using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.LoginSessionRecord>;

namespace KismetOrleans.Records.Server;

/// <summary>One of the administrator's sessions (<c>kismet.session.*</c>). Its token is told when it is made, and never again.</summary>
/// <param name="Id">Number by which it is ended: 16 hexadecimal digits.</param>
/// <param name="Made">Unix second of the login.</param>
/// <param name="Expires">Unix second from which it is worth nothing.</param>
/// <param name="Address">IP address that the login came from.</param>
/// <param name="Agent">What the client said it is.</param>
/// <param name="IsCurrent">Whether this request came with it.</param>
public sealed record LoginSessionRecord(string Id, ulong Made, ulong Expires, string Address, string Agent, bool IsCurrent);

/// <summary>Fields of one of the administrator's sessions.</summary>
public static class LoginSessionTable
{
    public static readonly RecordTable<LoginSessionRecord> Table = new("login_session",
    [
        Field.Text("kismet.session.id", "number of the session", static s => s.Id),
        Field.UInt64("kismet.session.made", "unix second of the login", static s => s.Made),
        Field.UInt64("kismet.session.expires", "unix second at which the login ends; 0: never, or no login", static s => s.Expires),
        Field.Text("kismet.session.address", "ip address that the login came from", static s => s.Address),
        Field.Text("kismet.session.agent", "what the client said it is", static s => s.Agent),
        Field.Flag("kismet.session.current", "whether this request came with the session", static s => s.IsCurrent),
    ]);
}
