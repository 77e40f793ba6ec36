using System.IO.Pipelines;
using System.Net.WebSockets;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Packets.Tests.Protocol;

public sealed class MessageSocketTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Messages_of_any_length_come_whole_also_after_a_pause()
    {
        (WebSocket here, WebSocket there) = NewPair();
        using MessageSocket sender = new(here, 1 << 20);
        using MessageSocket receiver = new(there, 1 << 20);
        using CancellationTokenSource limit = new(s_limit);
        foreach (int length in (int[])[5, 300_000, 7, 20_000, 16_384, 1 << 20, 3])
        {
            byte[] message = new byte[length];
            new Random(length).NextBytes(message);
            // It waits before anything comes, as on a connection that is silent.
            Task<ReadOnlyMemory<byte>> received = receiver.ReceiveAsync(limit.Token).AsTask();
            await sender.SendAsync(message, limit.Token);
            Assert.True((await received).Span.SequenceEqual(message), $"{length}");
        }
        await here.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        Assert.True((await receiver.ReceiveAsync(limit.Token)).IsEmpty);
    }

    [Fact]
    public async Task A_message_that_is_too_long_is_refused()
    {
        (WebSocket here, WebSocket there) = NewPair();
        using MessageSocket sender = new(here, 40_000);
        using MessageSocket receiver = new(there, 40_000);
        using CancellationTokenSource limit = new(s_limit);
        Task sent = sender.SendAsync(new byte[40_000], limit.Token).AsTask();
        Assert.Equal(40_000, (await receiver.ReceiveAsync(limit.Token)).Length);
        await sent;
        sent = sender.SendAsync(new byte[40_001], limit.Token).AsTask();
        _ = await Assert.ThrowsAsync<InvalidDataException>(async () => await receiver.ReceiveAsync(limit.Token));
        await sent;
    }

    [Fact]
    public async Task Empty_messages_and_text_are_refused()
    {
        (WebSocket here, WebSocket there) = NewPair();
        using MessageSocket receiver = new(there, 40_000);
        using CancellationTokenSource limit = new(s_limit);
        await here.SendAsync(Array.Empty<byte>(), WebSocketMessageType.Binary, true, limit.Token);
        _ = await Assert.ThrowsAsync<InvalidDataException>(async () => await receiver.ReceiveAsync(limit.Token));
        await here.SendAsync("text"u8.ToArray(), WebSocketMessageType.Text, true, limit.Token);
        _ = await Assert.ThrowsAsync<InvalidDataException>(async () => await receiver.ReceiveAsync(limit.Token));
    }

    private static (WebSocket Here, WebSocket There) NewPair()
    {
        PipeOptions options = new(pauseWriterThreshold: 4 << 20, resumeWriterThreshold: 2 << 20);
        Pipe up = new(options);
        Pipe down = new(options);
        return (WebSocket.CreateFromStream(new Duplex(down.Reader, up.Writer), new WebSocketCreationOptions()),
            WebSocket.CreateFromStream(new Duplex(up.Reader, down.Writer), new WebSocketCreationOptions { IsServer = true }));
    }

    private sealed class Duplex(PipeReader from, PipeWriter to) : Stream
    {
        private readonly Stream _from = from.AsStream();
        private readonly Stream _to = to.AsStream();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush() => _to.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => _to.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => _from.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _from.ReadAsync(buffer, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => _to.Write(buffer, offset, count);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _to.WriteAsync(buffer, cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
