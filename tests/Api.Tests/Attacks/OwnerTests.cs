using KismetOrleans.Engine.Auth;
using KismetOrleans.Storage.Sqlite;
using SQLitePCL;

namespace KismetOrleans.Api.Tests.Attacks;

/// <summary>What the server keeps is read by its owner alone, and a copy of the database makes no session.</summary>
public sealed class OwnerTests : IDisposable
{
    private const string Check = "/session/check_session";
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly string _folder = Directory.CreateTempSubdirectory("ko-owner-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task No_other_account_reads_the_files_of_state_and_logs()
    {
        string folder = Path.Combine(_folder, "new", "state");
        await using TestServer server = await TestServer.StartAsync(
            "--Storage:Sqlite", Path.Combine(folder, "server.db"), "--Log:Types", "kismet,pcapng,wiglecsv", "--Log:Prefix", Path.Combine(folder, "logs"));
        string[] files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        foreach (string ending in (string[])["server.db", "server.db-wal", "server.db-shm", "server.db.lock", "server.db.secret", ".kismet", ".pcapng", ".wiglecsv"])
        {
            Assert.Contains(files, file => file.EndsWith(ending, StringComparison.Ordinal));
        }
        if (!OperatingSystem.IsWindows())
        {
            foreach (string file in files)
            {
                Assert.Equal(Owner, File.GetUnixFileMode(file));
            }
            foreach (string made in Directory.GetDirectories(_folder, "*", SearchOption.AllDirectories))
            {
                Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(made));
            }
        }
    }

    [Fact]
    public async Task Files_of_earlier_servers_are_closed_to_others_at_the_start()
    {
        string path = Path.Combine(_folder, "server.db");
        await (await TestServer.StartAsync("--Storage:Sqlite", path)).DisposeAsync();
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        foreach (string file in Directory.GetFiles(_folder))
        {
            File.SetUnixFileMode(file, Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
        List<string> told = [];
        await SqliteStorage.Open(path, 8, complain: told.Add).DisposeAsync();
        Assert.Equal([path, path + ".lock", path + ".secret"], told.Select(static one => one.Split(' ')[0]));
        await using TestServer server = await TestServer.StartAsync("--Storage:Sqlite", path);
        foreach (string file in Directory.GetFiles(_folder))
        {
            Assert.Equal(Owner, File.GetUnixFileMode(file));
        }
    }

    [Theory]
    [InlineData(Owner | UnixFileMode.UserExecute | Others)]
    [InlineData(Owner | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute)]
    public async Task A_folder_that_holds_nothing_but_the_state_is_closed_to_others_and_one_that_holds_more_is_told_of(UnixFileMode before)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "state")).FullName;
        string path = Path.Combine(folder, "server.db");
        File.SetUnixFileMode(folder, before);
        Assert.Equal([$"{folder} was open to other accounts of this machine, and no longer is."], await OpenAsync(path));
        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));

        File.WriteAllText(Path.Combine(folder, "Kismet-20260101-10-00-00-1.kismet"), "x");
        File.SetUnixFileMode(folder, before);
        Assert.Single(await OpenAsync(path));
        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.Empty(await OpenAsync(path));

        string other = Path.Combine(folder, "notes.txt");
        File.WriteAllText(other, "x");
        File.SetUnixFileMode(folder, before);
        Assert.StartsWith($"{folder} is open to other accounts of this machine, and is left so", Assert.Single(await OpenAsync(path)), StringComparison.Ordinal);
        Assert.Equal(before, File.GetUnixFileMode(folder));

        // As /tmp: everybody's on purpose.
        File.Delete(other);
        File.SetUnixFileMode(folder, before | UnixFileMode.StickyBit);
        Assert.StartsWith($"{folder} is open to other accounts of this machine, and is left so", Assert.Single(await OpenAsync(path)), StringComparison.Ordinal);
        Assert.Equal(before | UnixFileMode.StickyBit, File.GetUnixFileMode(folder));
    }

    [Fact]
    public async Task A_folder_that_holds_nothing_but_logs_is_closed_to_others()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        string logs = Directory.CreateDirectory(Path.Combine(_folder, "logs")).FullName;
        string shared = Directory.CreateDirectory(Path.Combine(_folder, "shared")).FullName;
        File.WriteAllText(Path.Combine(logs, "Kismet-20260101-10-00-00-1.kismet"), "x");
        File.WriteAllText(Path.Combine(shared, "notes.txt"), "x");
        foreach (string folder in (string[])[logs, shared])
        {
            File.SetUnixFileMode(folder, Owner | UnixFileMode.UserExecute | Others);
            await using TestServer server = await TestServer.StartAsync("--Log:Types", "pcapng", "--Log:Prefix", folder);
        }
        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(logs));
        Assert.Equal(Owner | UnixFileMode.UserExecute | Others, File.GetUnixFileMode(shared));
    }

    [Fact]
    public async Task Logs_of_earlier_servers_are_closed_to_others_at_the_start_and_other_files_beside_them_are_left()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        string[] logs = [.. ((string[])["kismet", "pcapng", "wiglecsv", "pcapppi"]).Select(kind => Path.Combine(_folder, $"Kismet-20260101-10-00-00-1.{kind}"))];
        string other = Path.Combine(_folder, "notes.txt");
        const UnixFileMode everybody = Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        foreach (string file in (string[])[.. logs, other])
        {
            File.WriteAllText(file, "x");
            File.SetUnixFileMode(file, everybody);
        }
        await using TestServer server = await TestServer.StartAsync("--Log:Prefix", _folder);
        foreach (string log in logs)
        {
            Assert.Equal(Owner, File.GetUnixFileMode(log));
        }
        Assert.Equal(everybody, File.GetUnixFileMode(other));
    }

    [Fact]
    public async Task A_copy_of_the_database_has_not_what_signs_sessions()
    {
        string path = Path.Combine(_folder, "server.db");
        string copy = Path.Combine(_folder, "copy.db");
        string cookie;
        await using (TestServer server = await TestServer.StartAsync("--Storage:Sqlite", path))
        {
            using HttpResponseMessage response = await server.Client.GetAsync(new Uri(Check, UriKind.Relative));
            cookie = response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
            // As earlier servers had it.
            Run(path, "INSERT INTO facts (name, value) VALUES ('session_secret', 'AABB')");
            Assert.Equal(1, Run(path, "SELECT count(*) FROM facts WHERE name = 'session_secret'"));
        }
        byte[] secret = File.ReadAllBytes(path + ".secret");
        Assert.Equal(AuthState.SecretBytes, secret.Length);
        byte[] database = File.ReadAllBytes(path);
        Assert.Equal(-1, database.AsSpan().IndexOf(secret));
        Assert.Equal(-1, database.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(Convert.ToHexString(secret))));
        File.Copy(path, copy);
        Assert.Equal(401, await CheckAsync(copy, cookie));
        Assert.Equal(200, await CheckAsync(path, cookie));
        Assert.Equal(0, Run(path, "SELECT count(*) FROM facts WHERE name = 'session_secret'"));
    }

    [Fact]
    public async Task What_a_shared_database_has_signs_no_session_of_servers_with_a_file_of_their_own()
    {
        MemoryAuthStore store = new();
        byte[] file = new byte[AuthState.SecretBytes];
        using Accounts server = new(store, ("kismet", "right"), TimeProvider.System, file);
        using Accounts other = new(store, ("kismet", "right"), TimeProvider.System, file);
        using Accounts thief = new(store, ("kismet", "right"), TimeProvider.System);
        foreach (Accounts one in (Accounts[])[server, other, thief])
        {
            await one.RefreshAsync();
        }
        LoginClient client = new("192.0.2.1", "a browser");
        string session = server.NewSession(TimeSpan.FromHours(1), server.Fingerprint, client);
        Assert.True(other.IsSession(session));
        Assert.False(server.IsSession(thief.NewSession(TimeSpan.FromHours(1), thief.Fingerprint, client)));
        Assert.False(server.IsSession(thief.NewSession(TimeSpan.FromHours(1), server.Fingerprint, client)));
    }

    [Fact]
    public async Task A_secret_that_can_be_guessed_is_refused_at_the_start()
    {
        string file = Path.Combine(_folder, "secret");
        File.WriteAllText(file, "thirty-one letters are too few.\n");
        ArgumentException told = await Assert.ThrowsAsync<ArgumentException>(() => TestServer.StartAsync("--Auth:SecretFile", file));
        Assert.Equal($"Auth:SecretFile: {file} has 31 bytes, and 32 random ones are the least", told.Message);
        File.AppendAllText(file, "!\n");
        await using TestServer server = await TestServer.StartAsync("--Auth:SecretFile", file);
        Assert.Equal(200, (int)(await server.Client.GetAsync(new Uri(Check, UriKind.Relative))).StatusCode);
    }

    // What is told of the opening.
    private static async Task<List<string>> OpenAsync(string path)
    {
        List<string> told = [];
        await SqliteStorage.Open(path, 8, complain: told.Add).DisposeAsync();
        return told;
    }

    private static async Task<int> CheckAsync(string database, string cookie)
    {
        await using TestServer server = await TestServer.StartAsync("--Storage:Sqlite", database);
        using HttpRequestMessage request = new(HttpMethod.Get, Check);
        request.Headers.TryAddWithoutValidation("Cookie", cookie);
        using HttpResponseMessage response = await server.Anonymous.SendAsync(request);
        return (int)response.StatusCode;
    }

    private static long Run(string path, string sql)
    {
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(path, out sqlite3 database));
        using (database)
        {
            raw.sqlite3_busy_timeout(database, 5000);
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_prepare_v2(database, sql, out sqlite3_stmt statement));
            using (statement)
            {
                return raw.sqlite3_step(statement) == raw.SQLITE_ROW ? raw.sqlite3_column_int64(statement, 0) : 0;
            }
        }
    }
}
