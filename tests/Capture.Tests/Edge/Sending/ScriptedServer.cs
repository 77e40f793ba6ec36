using System.Collections.Concurrent;
using System.Net.WebSockets;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Live;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Packets.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KismetOrleans.Capture.Tests.Edge.Sending;

/// <summary>A real web server whose side of the protocol each test writes down, connection by connection.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _scripts = [];

    private ScriptedServer(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>Headers of the last request.</summary>
    public ConcurrentQueue<string> Authorizations { get; } = [];

    /// <param name="host">Address and port; any port without.</param>
    public static async Task<ScriptedServer> StartAsync(string host = "127.0.0.1:0")
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{host}");
        WebApplication app = builder.Build();
        ScriptedServer server = new(app);
        app.UseWebSockets();
        app.Run(server.ServeAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>What happens at the next connection that has no script yet: an answer without a websocket.</summary>
    public Task Next(int status, string? retryAfter = null) => Enqueue(http =>
    {
        http.Response.StatusCode = status;
        http.Response.Headers.RetryAfter = retryAfter;
        return Task.CompletedTask;
    });

    /// <summary>What happens at the next connection that has no script yet.</summary>
    /// <returns>Completes when the script has, with its fault where it has one.</returns>
    public Task Next(Func<Peer, Task> script) => Enqueue(async http =>
    {
        using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync();
        using MessageSocket messages = new(socket, EdgeProtocol.MaxFrameBytes);
        await script(new(socket, messages));
    });

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private Task Enqueue(Func<HttpContext, Task> script)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _scripts.Enqueue(async http =>
        {
            try
            {
                await script(http);
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task.WaitAsync(s_patience);
    }

    private async Task ServeAsync(HttpContext http)
    {
        Authorizations.Enqueue(http.Request.Headers.Authorization.ToString());
        if (http.Request.Path == EdgeProtocol.Path && _scripts.TryDequeue(out Func<HttpContext, Task>? script))
        {
            await script(http);
            return;
        }
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
    }

    /// <summary>The other side of one connection.</summary>
    public sealed class Peer(WebSocket socket, MessageSocket messages)
    {
        private static CancellationToken Patience => new CancellationTokenSource(s_patience).Token;

        /// <summary>The frame received last.</summary>
        public ReadOnlyMemory<byte> Frame { get; private set; }

        /// <summary>What batches were received, in order.</summary>
        public List<(ulong Sequence, int[] Numbers)> Batches { get; } = [];

        /// <summary>Takes the Hello and answers it.</summary>
        public async Task<Hello> WelcomeAsync(ulong savedBoot = 0, ulong saved = 0, int window = 1000, int ackSeconds = 0)
        {
            Hello hello = await ReceiveAsync<Hello>();
            await SendAsync(new Welcome(3, savedBoot, saved, window, int.MaxValue, ackSeconds));
            return hello;
        }

        public ValueTask SendAsync<T>(T message) where T : IEdgeMessage<T> => messages.SendAsync(message, Patience);

        public ValueTask SendAsync(ReadOnlyMemory<byte> frame) => messages.SendAsync(frame, Patience);

        /// <summary>Receives until a message of this type comes; batches on the way are noted.</summary>
        public async Task<T> ReceiveAsync<T>() where T : IEdgeMessage<T>
        {
            while (await ReceiveAsync() != T.Type)
            {
            }
            Assert.True(MessageReader.TryRead(Frame.Span[EdgeFrame.HeaderLength..], out T message));
            return message;
        }

        /// <summary>Receives until so many batches have been noted.</summary>
        public async Task ReceiveBatchesAsync(int count)
        {
            while (Batches.Count < count)
            {
                _ = await ReceiveAsync();
            }
        }

        /// <summary>Receives one message; throws where the connection has ended.</summary>
        public async Task<EdgeMessageType> ReceiveAsync()
        {
            Frame = await messages.ReceiveAsync(Patience);
            if (Frame.IsEmpty)
            {
                throw new EndOfStreamException();
            }
            Assert.True(EdgeFrame.TryOpen(Frame.Span, out EdgeMessageType type, out _, out string? error), error);
            if (type == EdgeMessageType.Batch)
            {
                PacketBatch batch = SamplePackets.Decode(Frame.Span, out BatchHeader header);
                Batches.Add((header.Sequence, SamplePackets.NumbersIn(batch)));
                (LastHeader, LastPosition, LastClock) = (header, batch.Position, batch.Clock);
            }
            return type;
        }

        /// <summary>Header of the batch received last.</summary>
        public BatchHeader LastHeader { get; private set; }

        /// <summary>Where it was captured.</summary>
        public PacketPosition? LastPosition { get; private set; }

        /// <summary>How the clock of its host stood.</summary>
        public HostClock? LastClock { get; private set; }

        /// <summary>Breaks the connection without a word.</summary>
        public void Abort() => socket.Abort();
    }
}
