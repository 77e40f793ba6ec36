using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Fleet;

/// <summary>What who has a key, or none, may try: bench/attack.sh looks at what it costs the server.</summary>
internal sealed class Attack(Uri server)
{
    private const int AddressesPerPost = 1000;
    private const int Known = 20;
    private const int OtherPhones = 20;
    private const int SensorsAtOnce = 20;
    private const string Report = "/phy/phy80211/scan/scan_report.cmd";
    private static readonly string? s_key = Environment.GetEnvironmentVariable("KISMET_KEY");
    private readonly HttpClient _administrator = New("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable("KISMET_USER") ?? "kismet:kismet")));
    private readonly HttpClient _phone = New("Bearer", s_key ?? "");

    /// <summary>Runs one of them.</summary>
    /// <returns>0 where the server held.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length < 3 || !int.TryParse(args[2], CultureInfo.InvariantCulture, out int count))
        {
            Console.Error.WriteLine("usage: Fleet attack SERVER flood|sensors|slow COUNT [MAX-DEVICES]");
            return 2;
        }
        Attack attack = new(new(args[0]));
        return args[1] switch
        {
            "flood" => await attack.FloodAsync(count, args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : int.MaxValue),
            "sensors" => await attack.SensorsAsync(count),
            _ => await attack.SlowAsync(count),
        };
    }

    // Random addresses by one phone, beside others that report as ever.
    private async Task<int> FloodAsync(int addresses, int maxDevices)
    {
        string[] known = [.. Enumerable.Range(0, Known).Select(static i => $"02:AA:00:00:00:{i:X2}")];
        await PostAsync(Guid.NewGuid(), known);
        foreach (string address in known)
        {
            JsonElement device = JsonElement.Parse(await _administrator.GetStringAsync(new Uri(server, $"/devices/by-mac/{address}/devices.json")))[0];
            string key = device.GetProperty("kismet.device.base.key").GetString()!;
            using FormUrlEncodedContent name = new([KeyValuePair.Create("json", """{"username":"known"}""")]);
            _ = (await _administrator.PostAsync(new Uri(server, $"/devices/by-key/{key}/set_name.cmd"), name)).EnsureSuccessStatusCode();
        }
        using CancellationTokenSource over = new();
        Clients others = new([server], Environment.GetEnvironmentVariable("KISMET_USER") ?? "kismet:kismet");
        Task[] reporting = [.. Enumerable.Range(1, OtherPhones).Select(i => Task.Run(() => others.ReportAsync(i, over.Token)))];
        Guid phone = Guid.NewGuid();
        (long most, int refused) = (0, 0);
        long began = Stopwatch.GetTimestamp();
        for (int sent = 0; sent < addresses; sent += AddressesPerPost)
        {
            while (!await PostAsync(phone, Enumerable.Range(0, AddressesPerPost).Select(static _ => RandomAddress())))
            {
                refused++;
                await Task.Delay(100);
            }
            if (sent % (50 * AddressesPerPost) == 0)
            {
                most = Math.Max(most, await DevicesAsync());
            }
        }
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        string fared = others.Minute();
        await over.CancelAsync();
        await Task.WhenAll(reporting);
        long devices = await DevicesAsync();
        most = Math.Max(most, devices);
        int there = 0;
        foreach (string address in known)
        {
            there += JsonElement.Parse(await _administrator.GetStringAsync(new Uri(server, $"/devices/by-mac/{address}/devices.json"))).GetArrayLength();
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"flood: {addresses} addresses in {seconds:F0} s, {refused} posts told to come again; {devices} devices, {most} at most; {there} of {Known} known ones there; other phones: {fared}"));
        return there == Known && most <= maxDevices ? 0 : 3;
    }

    // Each sensor says who it is, and goes.
    private async Task<int> SensorsAsync(int sensors)
    {
        int welcome = 0;
        long began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, sensors, new ParallelOptions { MaxDegreeOfParallelism = SensorsAtOnce }, async (i, stop) =>
        {
            using ClientWebSocket socket = new();
            if (s_key is not null)
            {
                socket.Options.SetRequestHeader("Authorization", "Bearer " + s_key);
            }
            await socket.ConnectAsync(new($"ws://{server.Authority}{EdgeProtocol.Path}"), stop);
            using MessageSocket messages = new(socket, EdgeProtocol.MaxControlBytes);
            ulong now = (ulong)(DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
            await messages.SendAsync(new Hello { Uuid = Guid.NewGuid(), BootId = now, ClockNs = (long)now, Name = $"made-up-{i}", Driver = "linuxwifi", Interface = "wlan0" }, stop);
            ReadOnlyMemory<byte> answer = await messages.ReceiveAsync(stop);
            if (EdgeFrame.TryOpen(answer.Span, out EdgeMessageType type, out _, out _) && type == EdgeMessageType.Welcome)
            {
                _ = Interlocked.Increment(ref welcome);
            }
            await messages.CloseAsync(new(ByeReason.Done, ""), TimeSpan.FromSeconds(1));
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sensors: {welcome} of {sensors} were taken in {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s"));
        return welcome > 0 ? 0 : 3;
    }

    // Connections that announce much and send a byte; a line when all are open, and one when the server has closed them.
    private async Task<int> SlowAsync(int connections)
    {
        byte[] request = Encoding.ASCII.GetBytes(
            $"POST {Report} HTTP/1.1\r\nHost: {server.Authority}\r\nAuthorization: Bearer {s_key}\r\nContent-Type: application/json\r\nContent-Length: 400000\r\n\r\n{{");
        List<TcpClient> senders = [];
        for (int i = 0; i < connections; i++)
        {
            TcpClient sender = new();
            await sender.ConnectAsync(IPAddress.Parse(server.Host), server.Port);
            await sender.GetStream().WriteAsync(request);
            senders.Add(sender);
        }
        Console.WriteLine($"slow: {connections} are open");
        long began = Stopwatch.GetTimestamp();
        byte[] answer = new byte[4096];
        foreach (TcpClient sender in senders)
        {
            try
            {
                while (await sender.GetStream().ReadAsync(answer) > 0)
                {
                }
            }
            catch (IOException)
            {
                // Reset.
            }
            sender.Dispose();
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"slow: all are cut after {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s"));
        return 0;
    }

    private async Task<bool> PostAsync(Guid phone, IEnumerable<string> addresses)
    {
        string reports = string.Join(',', addresses.Select(static address => $$"""{"bssid":"{{address}}","ssid":"x","channel":"6","signal":-60}"""));
        using StringContent body = new($$"""{"source_uuid":"{{phone}}","source_name":"attacker","reports":[{{reports}}]}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _phone.PostAsync(new Uri(server, Report), body);
        return answer.IsSuccessStatusCode ? true
            : answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests ? false
            : throw new InvalidOperationException($"a report was answered {answer.StatusCode}");
    }

    private async Task<long> DevicesAsync() =>
        JsonElement.Parse(await _administrator.GetStringAsync(new Uri(server, "/system/status.json"))).GetProperty("kismet.system.devices.count").GetInt64();

    private static string RandomAddress()
    {
        Span<byte> bytes = stackalloc byte[6];
        Random.Shared.NextBytes(bytes);
        bytes[0] = (byte)((bytes[0] & 0xFC) | 2);
        return $"{bytes[0]:X2}:{bytes[1]:X2}:{bytes[2]:X2}:{bytes[3]:X2}:{bytes[4]:X2}:{bytes[5]:X2}";
    }

    private static HttpClient New(string scheme, string value)
    {
        HttpClient client = new() { Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(scheme, value);
        return client;
    }
}
