using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Net.WebSockets;
using MessagePack;

namespace KismetOrleans.Api.Tests.Sensors.RemoteCapture;

/// <summary>One of Kismet's capture programs, as its protocol has it, by websocket or TCP. Pings are answered by themselves while something is awaited.</summary>
internal sealed class RemotePlayer : IAsyncDisposable
{
    public const int Ping = 2, Pong = 3, Shutdown = 4, Message = 5, Error = 6, OpenRequest = 12, OpenReport = 13, Packet = 16, ConfigRequest = 17, ConfigReport = 18, NewSource = 19;
    private const int HeaderLength = 20;
    private const int Radiotap = 127;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);
    private readonly SemaphoreSlim _sending = new(1);
    private readonly Stream _stream;
    private readonly IDisposable _connection;
    private readonly CancellationTokenSource _over = new(s_patience);
    private uint _number = 1;

    private RemotePlayer(Stream stream, IDisposable connection) => (_stream, _connection) = (stream, connection);

    /// <summary>Pings of the server.</summary>
    public int Pings { get; private set; }

    /// <summary>Bytes of each write; 0 for all of a frame at once.</summary>
    public int Chunk { get; init; }

    public static async Task<RemotePlayer> ConnectAsync(Uri server, AuthenticationHeaderValue? login, string query = "", string? origin = null, int chunk = 0)
    {
        ClientWebSocket socket = new();
        socket.Options.AddSubProtocol("kismet-remote");
        if (login is not null)
        {
            socket.Options.SetRequestHeader("Authorization", login.ToString());
        }
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }
        socket.Options.CollectHttpResponseDetails = true;
        using CancellationTokenSource patience = new(s_patience);
        try
        {
            await socket.ConnectAsync(new($"ws://{server.Authority}/datasource/remote/remotesource.ws{query}"), patience.Token);
        }
        catch (WebSocketException) when (socket.HttpStatusCode is not (0 or HttpStatusCode.SwitchingProtocols))
        {
            throw new HttpRequestException(null, null, socket.HttpStatusCode);
        }
        return new(WebSocketStream.Create(socket, WebSocketMessageType.Binary), socket) { Chunk = chunk };
    }

    public static async Task<RemotePlayer> ConnectAsync(IPEndPoint server, int chunk = 0)
    {
        TcpClient client = new() { NoDelay = true };
        await client.ConnectAsync(server);
        return new(client.GetStream(), client) { Chunk = chunk };
    }

    /// <summary>Says what it has, and answers that it is open.</summary>
    /// <returns>The definition that it was asked to open.</returns>
    public async Task<string> OpenAsync(Guid uuid, string definition, string driver = "linuxwifi", params string[] channels)
    {
        await SendNewSourceAsync(uuid, definition, driver);
        return await ReportOpenAsync(channels);
    }

    public Task SendNewSourceAsync(Guid uuid, string definition, string driver = "linuxwifi") => SendAsync(NewSource, 0, ++_number, (ref MessagePackWriter to) =>
    {
        to.WriteMapHeader(3);
        to.Write(3);
        to.Write(uuid.ToString());
        to.Write(1);
        to.Write(definition);
        to.Write(2);
        to.Write(driver);
    });

    public async Task<string> ReportOpenAsync(params string[] channels)
    {
        Received request = await ReceiveAsync();
        Assert.Equal((OpenRequest, 1), (request.Type, request.Code));
        // Keys in the order in which Kismet's programs have them.
        await SendAsync(OpenReport, 1, request.Number, (ref MessagePackWriter to) =>
        {
            to.WriteMapHeader(6);
            to.Write(9);
            to.Write("opened");
            to.Write(1);
            to.Write(request.Number);
            to.Write(2);
            to.Write(Radiotap);
            to.Write(10);
            to.Write("2025.09.0");
            to.Write(7);
            to.Write("mt76");
            to.Write(4);
            to.WriteArrayHeader(channels.Length);
            foreach (string channel in channels)
            {
                to.Write(channel);
            }
        });
        return request.Json;
    }

    /// <summary>Sends a packet; numbers have the width that <paramref name="wide"/> says.</summary>
    public Task SendPacketAsync(byte[] bytes, int linkType = Radiotap, ulong second = 1_700_000_000, (int Dbm, ulong Khz)? signal = null, (double Lat, double Lon)? place = null, bool wide = false) =>
        SendAsync(Packet, 0, ++_number, (ref MessagePackWriter to) =>
        {
            to.WriteMapHeader(1 + (signal is null ? 0 : 1) + (place is null ? 0 : 1));
            to.Write(4);
            to.WriteMapHeader(5);
            to.Write(6);
            to.Write(bytes);
            if (wide)
            {
                to.WriteUInt64(1);
                to.WriteUInt64((ulong)linkType);
            }
            else
            {
                to.Write(1);
                to.Write(linkType);
            }
            to.Write(2);
            to.Write(second);
            to.Write(3);
            to.Write(1000);
            to.Write(4);
            to.Write(bytes.Length);
            if (signal is { } heard)
            {
                to.Write(2);
                to.WriteMapHeader(2);
                to.Write(1);
                to.Write(unchecked((uint)heard.Dbm));
                to.Write(5);
                to.Write(heard.Khz);
            }
            if (place is { } at)
            {
                to.Write(1);
                to.WriteMapHeader(5);
                to.Write(1);
                to.Write(at.Lat);
                to.Write(2);
                to.Write(at.Lon);
                to.Write(3);
                to.Write(34.5f);
                to.Write(4);
                to.Write(3);
                to.Write(8);
                to.Write(second);
            }
        });

    public Task SendTextAsync(int type, string text, int? kind = null) => SendAsync(type, 0, ++_number, (ref MessagePackWriter to) =>
    {
        to.WriteMapHeader(kind is null ? 1 : 2);
        if (kind is { } number)
        {
            to.Write(1);
            to.Write(number);
        }
        to.Write(kind is null ? 1 : 2);
        to.Write(text);
    });

    /// <summary>Reports where it is tuned, or why not.</summary>
    public Task ReportConfigAsync(uint number, string channel, string? error = null) => SendAsync(ConfigReport, error is null ? 1 : 0, number, (ref MessagePackWriter to) =>
    {
        to.WriteMapHeader(3);
        to.Write(1);
        to.Write(number);
        to.Write(2);
        to.Write(channel);
        to.Write(4);
        to.Write(error ?? "");
    });

    public Task SendAsync(int type, int code, uint number, Writing? write)
    {
        ArrayBufferWriter<byte> buffer = new();
        MessagePackWriter to = new(buffer);
        write?.Invoke(ref to);
        to.Flush();
        return SendAsync(Frame(type, code, number, buffer.WrittenSpan));
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _sending.WaitAsync(_over.Token);
        try
        {
            while (!bytes.IsEmpty)
            {
                int length = Chunk == 0 ? bytes.Length : Math.Min(Chunk, bytes.Length);
                await _stream.WriteAsync(bytes[..length], _over.Token);
                bytes = bytes[length..];
            }
        }
        finally
        {
            _ = _sending.Release();
        }
    }

    public static byte[] Frame(int type, int code, uint number, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[HeaderLength + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, 0xDECAFBAD);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(4), 0xA9A9);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(6), 3);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(8), payload.Length);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(14), (ushort)code);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(16), number);
        payload.CopyTo(frame.AsSpan(HeaderLength));
        return frame;
    }

    /// <summary>The next frame that is no ping.</summary>
    public async Task<Received> ReceiveAsync()
    {
        byte[] header = new byte[HeaderLength];
        while (true)
        {
            await _stream.ReadExactlyAsync(header, _over.Token);
            Assert.Equal("DECAFBADA9A90003", Convert.ToHexString(header.AsSpan(0, 8)));
            byte[] payload = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(8))];
            await _stream.ReadExactlyAsync(payload, _over.Token);
            int type = BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(12));
            uint number = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(16));
            if (type != Ping)
            {
                return new(type, BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(14)), number, payload.Length == 0 ? "" : MessagePackSerializer.ConvertToJson(payload));
            }
            Assert.Empty(payload);
            Pings++;
            await SendAsync(Pong, 0, number, null);
        }
    }

    /// <summary>Fails unless the server ends the connection.</summary>
    public async Task EndsAsync()
    {
        byte[] rest = new byte[4096];
        try
        {
            while (await _stream.ReadAsync(rest, _over.Token) > 0)
            {
            }
        }
        catch (Exception e) when (e is IOException or WebSocketException)
        {
            // That, too, is an end.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _connection.Dispose();
        _sending.Dispose();
        _over.Dispose();
    }

    public delegate void Writing(ref MessagePackWriter to);

    public sealed record Received(int Type, int Code, uint Number, string Json);
}
