using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using KismetOrleans.SampleGenerator.Campus;
using MessagePack;

namespace KismetOrleans.Fleet;

/// <summary>
/// One of Kismet's capture programs as a server sees it (remote capture, protocol v3, by websocket; ../shared/docs/spec/remote-capture.md): it opens as
/// it is asked to and sends as fast as it is read, in messages of some 16 KB.
/// </summary>
internal sealed class CaptureProgram(Uri server, AuthenticationHeaderValue login)
{
    private const int Ping = 2, Pong = 3, OpenRequest = 12, OpenReport = 13, PacketReport = 16, NewSource = 19;
    private const int HeaderLength = 20;
    private const int MessageLength = 16_384;
    private const int Radiotap = 127;
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);
    private readonly Guid _uuid = Guid.NewGuid();
    private readonly ArrayBufferWriter<byte> _frames = new(MessageLength * 2);
    private readonly SemaphoreSlim _sending = new(1);
    private readonly TaskCompletionSource<uint> _openRequest = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private uint _number;

    private delegate void Writing(ref MessagePackWriter to);

    /// <summary>Fleet capture|reports SERVER COUNT: prints how many a second the server has counted, from the first that was sent until all were.</summary>
    public static async Task<int> RunAsync(string kind, string[] args)
    {
        if (args is not [string address, string number] || !int.TryParse(number, CultureInfo.InvariantCulture, out int count)
            || Environment.GetEnvironmentVariable("KISMET_USER") is not { } user)
        {
            Console.Error.WriteLine($"usage: KISMET_USER=name:password Fleet {kind} SERVER COUNT");
            return 2;
        }
        CaptureProgram program = new(new(address), new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user))));
        IEnumerable<Writing> all = kind == "capture" ? Packets(count) : Reports(count);
        TimeSpan time = await program.RunAsync(kind == "capture" ? "linuxwifi" : "rtl433", all, count);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} in {time.TotalSeconds:F1} s: {count / time.TotalSeconds:F0} a second"));
        return 0;
    }

    private async Task<TimeSpan> RunAsync(string driver, IEnumerable<Writing> all, int count)
    {
        using ClientWebSocket socket = new();
        socket.Options.AddSubProtocol("kismet-remote");
        socket.Options.SetRequestHeader("Authorization", login.ToString());
        using CancellationTokenSource over = new(s_longest);
        await socket.ConnectAsync(new($"{server.Scheme.Replace("http", "ws", StringComparison.Ordinal)}://{server.Authority}/datasource/remote/remotesource.ws"), over.Token);
        await using WebSocketStream stream = WebSocketStream.Create(socket, WebSocketMessageType.Binary);
        Task receiving = ReceiveAsync(stream, over.Token);
        await OpenAsync(stream, driver, over.Token);

        long began = Stopwatch.GetTimestamp();
        await SendAllAsync(stream, all, over.Token);
        await CountedAsync(count, over.Token);
        TimeSpan time = Stopwatch.GetElapsedTime(began);
        await over.CancelAsync();
        await receiving.ContinueWith(static _ => { }, TaskScheduler.Default);
        return time;
    }

    private async Task OpenAsync(Stream stream, string driver, CancellationToken over)
    {
        Frame(_frames, NewSource, 0, ++_number, (ref MessagePackWriter to) =>
        {
            to.WriteMapHeader(3);
            (int Key, string Value)[] fields = [(1, "wlan0:name=bench"), (2, driver), (3, _uuid.ToString())];
            foreach ((int key, string value) in fields)
            {
                to.Write(key);
                to.Write(value);
            }
        });
        await SendAsync(stream, _frames, over);
        uint request = await _openRequest.Task.WaitAsync(over);
        Frame(_frames, OpenReport, 1, request, (ref MessagePackWriter to) =>
        {
            to.WriteMapHeader(4);
            to.Write(1);
            to.Write(request);
            to.Write(2);
            to.Write(Radiotap);
            to.Write(9);
            to.Write("opened");
            to.Write(10);
            to.Write("2025.09.0");
        });
        await SendAsync(stream, _frames, over);
    }

    private async Task SendAllAsync(Stream stream, IEnumerable<Writing> all, CancellationToken over)
    {
        foreach (Writing one in all)
        {
            Frame(_frames, PacketReport, 0, ++_number, one);
            if (_frames.WrittenCount >= MessageLength)
            {
                await SendAsync(stream, _frames, over);
            }
        }
        await SendAsync(stream, _frames, over);
    }

    // Until the server has counted all.
    private async Task CountedAsync(int count, CancellationToken over)
    {
        using HttpClient http = new();
        http.DefaultRequestHeaders.Authorization = login;
        while (true)
        {
            JsonElement source = await http.GetFromJsonAsync<JsonElement>(new Uri(server, $"/datasource/by-uuid/{_uuid}/source.json"), over);
            if (source.GetProperty("kismet.datasource.num_packets").GetInt64() >= count)
            {
                return;
            }
            await Task.Delay(20, over);
        }
    }

    private async Task ReceiveAsync(Stream stream, CancellationToken over)
    {
        byte[] header = new byte[HeaderLength];
        while (true)
        {
            await stream.ReadExactlyAsync(header, over);
            byte[] payload = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(8))];
            await stream.ReadExactlyAsync(payload, over);
            uint number = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(16));
            switch (BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(12)))
            {
                case Ping:
                    ArrayBufferWriter<byte> pong = new(HeaderLength);
                    Frame(pong, Pong, 0, number, null);
                    await SendAsync(stream, pong, over);
                    break;
                case OpenRequest:
                    _ = _openRequest.TrySetResult(number);
                    break;
            }
        }
    }

    private async Task SendAsync(Stream stream, ArrayBufferWriter<byte> frames, CancellationToken over)
    {
        await _sending.WaitAsync(over);
        try
        {
            await stream.WriteAsync(frames.WrittenMemory, over);
            frames.ResetWrittenCount();
        }
        finally
        {
            _ = _sending.Release();
        }
    }

    private static void Frame(ArrayBufferWriter<byte> frames, int type, int code, uint number, Writing? write)
    {
        ArrayBufferWriter<byte> payload = new(512);
        MessagePackWriter to = new(payload);
        write?.Invoke(ref to);
        to.Flush();
        Span<byte> frame = frames.GetSpan(HeaderLength + payload.WrittenCount);
        BinaryPrimitives.WriteUInt32BigEndian(frame, 0xDECAFBAD);
        BinaryPrimitives.WriteUInt16BigEndian(frame[4..], 0xA9A9);
        BinaryPrimitives.WriteUInt16BigEndian(frame[6..], 3);
        BinaryPrimitives.WriteInt32BigEndian(frame[8..], payload.WrittenCount);
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(frame[14..], (ushort)code);
        BinaryPrimitives.WriteUInt32BigEndian(frame[16..], number);
        payload.WrittenSpan.CopyTo(frame[HeaderLength..]);
        frames.Advance(HeaderLength + payload.WrittenCount);
    }

    private static IEnumerable<Writing> Packets(int count)
    {
        byte[][] packets = [.. Scenario.Build().Select(static packet => packet.Bytes)];
        for (int i = 0; i < count; i++)
        {
            byte[] bytes = packets[i % packets.Length];
            yield return (ref MessagePackWriter to) =>
            {
                (long second, int microsecond) = Now();
                to.WriteMapHeader(1);
                to.Write(4);
                to.WriteMapHeader(5);
                to.Write(1);
                to.Write(Radiotap);
                to.Write(2);
                to.Write(second);
                to.Write(3);
                to.Write(microsecond);
                to.Write(4);
                to.Write(bytes.Length);
                to.Write(6);
                to.Write(bytes);
            };
        }
    }

    // Thermometers, 1,000 of them, as rtl_433 reports them.
    private static IEnumerable<Writing> Reports(int count)
    {
        for (int i = 0; i < count; i++)
        {
            string json = string.Create(CultureInfo.InvariantCulture,
                $$"""{"model":"Acme-T1","id":{{i % 1000}},"channel":"A","battery_ok":1,"temperature_C":{{i % 400 / 10.0}},"humidity":{{i % 100}},"freq":433.92,"rssi":-0.1,"snr":15.0,"noise":-15.2}""");
            yield return (ref MessagePackWriter to) =>
            {
                (long second, int microsecond) = Now();
                to.WriteMapHeader(1);
                to.Write(5);
                to.WriteMapHeader(4);
                to.Write(1);
                to.Write("RTL433");
                to.Write(2);
                to.Write(second);
                to.Write(3);
                to.Write(microsecond);
                to.Write(4);
                to.Write(json);
            };
        }
    }

    private static (long Second, int Microsecond) Now()
    {
        long microseconds = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return (microseconds / 1_000_000, (int)(microseconds % 1_000_000));
    }
}
