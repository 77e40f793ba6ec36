using System.Net;
using System.Reflection;
using System.Text.Json;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Silo.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace KismetOrleans.Api.Tests.Operations;

/// <summary>What probes are answered, and that what is not ready has a name.</summary>
public sealed class HealthTests
{
    private const string Ready = "{\"ready\":true}\n";

    [Fact]
    public async Task The_server_is_live_and_ready_and_neither_answer_may_be_kept()
    {
        await using TestServer server = await TestServer.StartAsync();
        Answer live = (await server.Client.AskAsync("/healthz/live")).Ok();
        Answer ready = (await server.Client.AskAsync("/healthz/ready")).Ok();
        Assert.Equal(("{\"live\":true}\n", Ready), (live.Body, ready.Body));
        Assert.All([live, ready], static answer => Assert.Equal("no-store", answer.Message.Headers.CacheControl!.ToString()));
        Assert.Equal(HttpStatusCode.OK, (await server.Client.SendAsync(HttpMethod.Head, "/healthz/ready", null)).Status);
    }

    [SmallDiskFact]
    public async Task A_server_whose_disk_is_full_is_not_ready_from_the_next_question_on()
    {
        using SmallDisk disk = new(64 << 20);
        await using TestServer server = await TestServer.StartAsync("--Storage:Sqlite", Path.Combine(disk.Path, "server.db"));
        (await server.Client.AskAsync("/healthz/ready")).Ok();
        disk.Fill();
        Answer full = await server.Client.AskAsync("/healthz/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, full.Status);
        Assert.Matches("\"disk\":\"[^\"]*server.db (has 0 bytes left|cannot be written)", full.Body);
        disk.Free();
        Answer free;
        do
        {
            free = await server.Client.AskAsync("/healthz/ready");
        }
        while (free.Status == HttpStatusCode.ServiceUnavailable);
        free.Ok();
    }

    [Fact]
    public async Task What_is_not_ready_is_named_and_what_throws_too()
    {
        await using Host host = await Host.StartAsync(
            new Check("storage", static _ => throw new InvalidOperationException("no connection")),
            new Check("silo", static _ => new("is joining")),
            new Check("fine", static _ => default));
        Answer answer = await host.Client.AskAsync("/healthz/ready");
        answer.AssertNotReady("{\"storage\":\"no connection\",\"silo\":\"is joining\"}");
        (await host.Client.AskAsync("/healthz/live")).Ok();
    }

    [Fact]
    public async Task A_check_that_hangs_is_not_ready_after_a_second()
    {
        TaskCompletionSource<string?> never = new();
        using ManualResetEventSlim end = new();
        await using Host host = await Host.StartAsync(new Check("storage", _ => new(never.Task)), new Check("blocked", _ => Block()));
        Answer answer = await host.Client.AskAsync("/healthz/ready");
        end.Set();
        // On a busy machine one that does not hang may take a second too.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        JsonElement reasons = answer.Json.GetProperty("not_ready");
        Assert.Equal(("no answer within 1 s", "no answer within 1 s"), (reasons.Text("storage"), reasons.Text("blocked")));

        ValueTask<string?> Block()
        {
            end.Wait(TimeSpan.FromSeconds(30));
            return default;
        }
    }

    [Fact]
    public async Task Many_who_ask_at_once_share_one_round()
    {
        TaskCompletionSource<string?> gate = new();
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int rounds = 0;
        Readiness readiness = new([new Check("gate", _ => Count())], TimeProvider.System);
        Task<IReadOnlyList<NotReady>> first = readiness.AskAsync();
        await asked.Task;
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Same(first, readiness.AskAsync()));
        gate.SetResult(null);
        Assert.Empty(await first);
        Assert.Equal(1, rounds);
        Assert.Empty(await readiness.AskAsync());
        Assert.Equal(2, rounds);

        ValueTask<string?> Count()
        {
            rounds++;
            asked.TrySetResult();
            return new(gate.Task);
        }
    }

    [Fact]
    public async Task Partitions_that_do_not_answer_are_named_and_not_asked_again_before_they_do()
    {
        Partition[] partitions = [.. Enumerable.Range(0, 12).Select(static i => Partition.New(answers: i is 0 or 5))];
        PartitionsCheck check = new([.. partitions.Select(static p => p.Contract)]);
        const string expected = "10 of 12 do not answer: 1, 2, 3, 4, 6, 7, 8, 9, …";
        Assert.Equal(expected, await check.CheckAsync(new(canceled: true)));
        Assert.Equal(expected, await check.CheckAsync(new(canceled: true)));
        Assert.Equal([2, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1], partitions.Select(static p => p.Calls));

        Array.ForEach(partitions, static p => p.Count.TrySetResult(Partition.Nothing));
        Assert.Null(await check.CheckAsync(CancellationToken.None));
    }

    [Fact]
    public async Task The_fault_of_a_partition_is_told()
    {
        Partition broken = Partition.New(answers: false);
        broken.Count.SetException(new IOException("its silo is gone"));
        Assert.Equal(
            "1 of 2 do not answer: 1 (its silo is gone)",
            await new PartitionsCheck([Partition.New(answers: true).Contract, broken.Contract]).CheckAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_server_that_stops_is_not_ready_while_it_still_answers()
    {
        await using Host host = await Host.StartAsync();
        LifetimeCheck check = new(host.App.Lifetime);
        Assert.Null(await check.CheckAsync(CancellationToken.None));
        host.App.Lifetime.StopApplication();
        Assert.Equal("stopping", await check.CheckAsync(CancellationToken.None));
    }

    private sealed class Check(string name, Func<CancellationToken, ValueTask<string?>> ask) : IReadinessCheck
    {
        public string Name => name;

        public ValueTask<string?> CheckAsync(CancellationToken cancellation) => ask(cancellation);
    }

    /// <summary>A host with nothing but health.</summary>
    private sealed class Host(WebApplication app) : IAsyncDisposable
    {
        public WebApplication App => app;

        public HttpClient Client { get; } = new() { BaseAddress = new(app.Urls.Single()) };

        public static async Task<Host> StartAsync(params IReadinessCheck[] checks)
        {
            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(["--Logging:LogLevel:Default=None"]);
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Services.AddOperations(builder.Configuration, "tests");
            Array.ForEach(checks, check => builder.Services.AddSingleton(check));
            WebApplication app = builder.Build();
            _ = app.MapHealth();
            await app.StartAsync();
            return new(app);
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await app.DisposeAsync();
        }
    }
}

/// <summary>A partition that counts when it is told to.</summary>
public class Partition : DispatchProxy
{
    /// <summary>The count of an empty partition.</summary>
    internal static readonly PartitionCounts Nothing = new(0, [], 0, new Dictionary<ushort, int>(), 0);

    internal TaskCompletionSource<PartitionCounts> Count { get; } = new();

    internal int Calls { get; private set; }

    internal IDevicePartition Contract => (IDevicePartition)(object)this;

    internal static Partition New(bool answers)
    {
        Partition partition = (Partition)(object)Create<IDevicePartition, Partition>();
        if (answers)
        {
            partition.Count.SetResult(Nothing);
        }
        return partition;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Assert.Equal(nameof(IDevicePartition.CountAsync), targetMethod!.Name);
        Calls++;
        return new ValueTask<PartitionCounts>(Count.Task);
    }
}

file static class Answers
{
    public static void AssertNotReady(this Answer answer, string reasons)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal($"{{\"ready\":false,\"not_ready\":{reasons}}}\n", answer.Body);
    }
}
