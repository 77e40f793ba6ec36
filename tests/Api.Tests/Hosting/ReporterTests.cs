using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>The reporters in clients/: what they make of what they read, and that a lossy link neither loses nor doubles a report of theirs.</summary>
public sealed class ReporterTests : IDisposable
{
    // What each scan finds: three networks and two Bluetooth devices.
    private const int Devices = 5;
    private const string Key = "reporters-key-0123456789";
    private static readonly string s_clients = Path.Combine(Repository.Root, "clients");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ko-reporter-");

    public void Dispose() => _folder.Delete(recursive: true);

    [ToolFact("python3")]
    public async Task The_scanner_reads_what_programs_print_and_keeps_what_was_not_taken()
    {
        string output = await RunAsync("python3", s_clients, null, "-B", "-m", "unittest", "-v");
        Assert.Matches(@"Ran \d\d tests", output);
        Assert.EndsWith("OK", output.TrimEnd(), StringComparison.Ordinal);
    }

    [ToolFact("python3")]
    public async Task The_scanner_loses_and_doubles_nothing_on_a_lossy_link()
    {
        // Heard at this moment, so that each scan counts.
        string iw = string.Concat(Enumerable.Range(1, 3).Select(static n => $"BSS 02:00:00:00:17:0{n}(on wlan0)\\n\\tfreq: 2437\\n\\tcapability: ESS (0x0001)\\n\\tsignal: -50.00 dBm\\n\\tlast seen: 0 ms ago\\n\\tSSID: n{n}\\n"));
        Fake("iw", $"printf '{iw}'");
        Fake("bluetoothctl", "echo Discovery started; for n in 1 2; do echo \"[CHG] Device C0:00:00:00:17:0$n RSSI: -67\"; done");
        string state = Path.Combine(_folder.FullName, "state"), key = Path.Combine(_folder.FullName, "key");
        await File.WriteAllTextAsync(key, Key + "\n");
        await using TestServer server = await TestServer.StartAsync("--Ingest:Keys:0:Name", "reporters", "--Ingest:Keys:0:Key", Key);
        await using LossyLink link = new(server.Address);

        // Killed while no server is there: what it has seen waits on disk.
        using (Process killed = Start("python3", s_clients, _folder.FullName, [.. Scanner("http://127.0.0.1:9"), "--rounds", "6"]))
        {
            await UntilAsync(() => Directory.Exists(state) && Directory.GetFiles(Path.Combine(state, "spool"), "*.gz").Length == 12);
            killed.Kill();
            await killed.WaitForExitAsync();
        }
        _ = await RunAsync("python3", s_clients, _folder.FullName, [.. Scanner(link.Address), "--rounds", "12"]);

        Assert.Empty(Directory.GetFiles(Path.Combine(state, "spool"), "*", SearchOption.AllDirectories));
        Assert.All(Enum.GetValues<LossyLink.Loss>(), loss => Assert.NotEqual(0, link.Count(loss)));
        await CountsAsync(server, "17", 18);

        string[] Scanner(string address) =>
            ["-B", "scanner.py", "--server", address, "--key-file", key, "--state", state, "--every", "0", "--retry", "0.02", "--bluetooth-seconds", "1", "--name", "pi"];
    }

    [ToolFact("cc")]
    public async Task The_sketchs_portable_part_does_what_it_should()
    {
        string test = await CompileAsync("test");
        Assert.Equal("all well", (await RunAsync(test, _folder.FullName, null, Directory.CreateDirectory(Path.Combine(_folder.FullName, "spool")).FullName)).TrimEnd());
        byte[] random = new byte[3000];
        Random.Shared.NextBytes(random);
        byte[][] inputs =
        [
            [], [7], random, [.. Enumerable.Repeat(random[..300], 150).SelectMany(static part => part)], new byte[50_000],
            [.. Enumerable.Range(0, 4000).SelectMany(static n => Encoding.UTF8.GetBytes($$"""{"bssid":"{{n:X4}}"},"""))],
        ];
        foreach (byte[] input in inputs)
        {
            byte[] given = input[..Math.Min(input.Length, 60_000)];
            using Process gzip = Start(test, _folder.FullName, null, "gzip");
            await gzip.StandardInput.BaseStream.WriteAsync(given);
            gzip.StandardInput.Close();
            using GZipStream stream = new(gzip.StandardOutput.BaseStream, CompressionMode.Decompress);
            using MemoryStream back = new();
            await stream.CopyToAsync(back);
            await gzip.WaitForExitAsync();
            Assert.Equal((0, Convert.ToHexString(given)), (gzip.ExitCode, Convert.ToHexString(back.ToArray())));
        }
    }

    [ToolFact("cc")]
    public async Task The_sketchs_portable_part_loses_and_doubles_nothing_on_a_lossy_link()
    {
        string reporter = await CompileAsync("lossy");
        string spool = Directory.CreateDirectory(Path.Combine(_folder.FullName, "spool")).FullName;
        await using TestServer server = await TestServer.StartAsync("--Ingest:Keys:0:Name", "reporters", "--Ingest:Keys:0:Key", Key);
        await using LossyLink link = new(server.Address);

        // The power goes while no server is there: what it has seen waits in flash.
        using (Process killed = Start(reporter, _folder.FullName, null, "9", Key, spool, "6"))
        {
            await UntilAsync(() => Directory.GetFiles(spool, "*.?").Length == 12);
            killed.Kill();
            await killed.WaitForExitAsync();
        }
        string output = await RunAsync(reporter, _folder.FullName, null, new Uri(link.Address).Port.ToString(CultureInfo.InvariantCulture), Key, spool, "12");

        Assert.Equal("refused 0, lost 0", output.TrimEnd());
        Assert.Empty(Directory.GetFiles(spool));
        Assert.All(Enum.GetValues<LossyLink.Loss>(), loss => Assert.NotEqual(0, link.Count(loss)));
        await CountsAsync(server, "18", 18);
    }

    private async Task<string> CompileAsync(string program)
    {
        string path = Path.Combine(_folder.FullName, program + ".host"), esp32 = Path.Combine(s_clients, "esp32");
        _ = await RunAsync("cc", esp32, null, "-std=c11", "-D_DEFAULT_SOURCE", "-Wall", "-Wextra", "-Werror", "-O1", "-o", path, $"host/{program}.c", "kismet_reporter/reporter.c");
        return path;
    }

    // Each network and Bluetooth device was reported so often, and the sensor's own count agrees.
    private static async Task CountsAsync(TestServer server, string number, int each)
    {
        JsonElement[] found = [];
        await UntilAsync(async () =>
        {
            found = [.. (await server.Client.AskAsync("/devices/views/all/devices.json")).Ok().List.Where(
                device => device.Text("kismet.device.base.macaddr").Contains($":00:00:00:{number}:", StringComparison.Ordinal))];
            return found.Length == Devices && found.All(device => Packets(device) >= each);
        });
        Assert.All(found, device => Assert.Equal(each, Packets(device)));
        int counted = 0;
        await UntilAsync(async () =>
        {
            counted = Assert.Single((await server.Client.AskAsync("/datasource/all_sources.json")).Ok().List).GetProperty("kismet.datasource.num_packets").GetInt32();
            return counted >= Devices * each;
        });
        Assert.Equal(Devices * each, counted);
    }

    private static int Packets(JsonElement device) => device.GetProperty("kismet.device.base.packets.total").GetInt32();

    private void Fake(string program, string script)
    {
        string path = Path.Combine(_folder.FullName, program);
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    private static Process Start(string program, string folder, string? before, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = string.Create(CultureInfo.InvariantCulture, $"{before}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}");
        return Process.Start(start)!;
    }

    // Both of its outputs, once it has ended well.
    private static async Task<string> RunAsync(string program, string folder, string? before, params string[] arguments)
    {
        using CancellationTokenSource timeout = new(TimeSpan.FromMinutes(2));
        using Process process = Start(program, folder, before, arguments);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            string errors = await process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            Assert.True(process.ExitCode == 0, await output + errors);
            return await output + errors;
        }
        finally
        {
            process.Kill();
        }
    }

    private static Task UntilAsync(Func<bool> done) => UntilAsync(() => Task.FromResult(done()));

    private static async Task UntilAsync(Func<Task<bool>> done)
    {
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(60));
        while (!await done())
        {
            await Task.Delay(50, timeout.Token);
        }
    }
}

/// <summary>A test that is skipped, with a note, where a program is not installed.</summary>
public sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(string tool) =>
        Skip = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, tool))) ? null : $"There is no {tool}.";
}
