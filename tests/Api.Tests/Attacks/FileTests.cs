using System.Diagnostics;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Attacks;

/// <summary>Files that commands name keep nobody waiting, and give away nothing.</summary>
public sealed class FileTests : IDisposable
{
    private const string Add = "/datasource/add_source.cmd";
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(25);
    private readonly string _folder = Directory.CreateTempSubdirectory("ko-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_pipe_that_nobody_writes_into_holds_up_neither_others_nor_the_end()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        string pipe = Path.Combine(_folder, "pipe.pcap");
        using (Process made = Process.Start("mkfifo", [pipe]))
        {
            await made.WaitForExitAsync();
            Assert.Equal(0, made.ExitCode);
        }
        Stopwatch clock = Stopwatch.StartNew();
        await using (TestServer server = await TestServer.StartAsync())
        {
            Task<Answer> waiting = AddAsync(server, pipe);
            using ProbeFile capture = ProbeFile.Create(1);
            clock.Restart();
            (await AddAsync(server, capture.Path)).Ok();
            Assert.False(waiting.IsCompleted);
            (await waiting).QueryError($"{pipe}: nothing came of it within 10 s");
            Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(8), s_longest);
            // No thread of the server waits for a writer any more: one that comes finds no reader.
            using (Process writer = Process.Start("timeout", ["1", "sh", "-c", $"echo > {pipe}"]))
            {
                await writer.WaitForExitAsync();
                Assert.Equal(124, writer.ExitCode);
            }
            // Once more, and the server ends while it waits.
            _ = AddAsync(server, pipe);
            await Task.Delay(500);
            clock.Restart();
        }
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, s_longest);
    }

    [Fact]
    public async Task What_is_in_a_file_that_is_no_capture_is_not_told()
    {
        string secret = Path.Combine(_folder, "secret.pcap");
        File.WriteAllText(secret, "password=swordfish\n");
        await using TestServer server = await TestServer.StartAsync();
        Answer answer = await AddAsync(server, secret);
        answer.QueryError($"{secret}: is no pcap or pcapng file");
        Assert.DoesNotContain("70617373", answer.Body, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_server_that_is_reached_from_elsewhere_opens_no_file_by_command_but_of_the_folders_that_are_named()
    {
        using ProbeFile outside = ProbeFile.Create(1);
        string inside = Path.Combine(_folder, "walk.pcap");
        File.Copy(outside.Path, inside);
        string link = Path.Combine(_folder, "link.pcap");
        File.CreateSymbolicLink(link, outside.Path);
        await using (TestServer server = await TestServer.StartAsync("--urls", "http://0.0.0.0:0"))
        {
            Refused(await AddAsync(server, inside));
        }
        await using (TestServer server = await TestServer.StartAsync("--urls", "http://0.0.0.0:0", "--Api:SourceFolders:0", _folder))
        {
            Assert.Equal("", (await AddAsync(server, inside)).Ok().Json.Text("kismet.datasource.error_reason"));
            Refused(await AddAsync(server, outside.Path));
            Refused(await AddAsync(server, link));
            Refused(await AddAsync(server, $"{_folder}/../{Path.GetFileName(outside.Path)}"));
            Refused(await AddAsync(server, "/etc/passwd:type=pcapfile"));
            Refused(await AddAsync(server, $"{_folder}x/walk.pcap"));
        }
    }

    private static void Refused(Answer answer)
    {
        Assert.Equal(500, (int)answer.Status);
        Assert.Contains("files are opened by command from the folders of Api:SourceFolders alone", answer.Body, StringComparison.Ordinal);
    }

    // A server that listens everywhere is asked here.
    private static async Task<Answer> AddAsync(TestServer server, string definition)
    {
        using HttpClient client = Requests.NewClient(new($"http://127.0.0.1:{server.Address.Port}"), TimeSpan.FromSeconds(30));
        client.DefaultRequestHeaders.Authorization = Requests.Login;
        return await client.CommandAsync(Add, JsonSerializer.Serialize(new Dictionary<string, string> { ["definition"] = definition }));
    }
}
