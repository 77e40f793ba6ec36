using System.Collections.Concurrent;
using System.Reflection;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Grains;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Records.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization.Invocation;

namespace KismetOrleans.Silo.Tests;

/// <summary>Calls that can be made twice are, while a silo is on its way out; and who gives up ends what he asked for, in the silo too.</summary>
public sealed class RetryTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly DeviceShape s_shape = new(RecordFormat.Json, null);
    private readonly Interferer _interferer = new();

    [Fact]
    public async Task A_question_that_meets_a_silo_on_its_way_out_is_asked_again_as_it_was()
    {
        await using TwoSilos silos = await StartAsync();
        IDevicePartitionGrain[] ways =
        [
            silos.Client.GetGrain<IDevicePartitionGrain>(1),
            // One of these is in the silo that carries the partition, whose requests are not copied on their way.
            .. silos.Cluster.Silos.Select(static silo => silo.ServiceProvider.GetRequiredService<IGrainFactory>().GetGrain<IDevicePartitionGrain>(1)),
        ];
        foreach (IDevicePartitionGrain partition in ways)
        {
            _interferer.Fail("WritePathAsync", times: 2);
            Assert.Null(await partition.WritePathAsync(7, "kismet.device.base.name", s_shape));
            Assert.Equal(Enumerable.Repeat("7 kismet.device.base.name", 3), _interferer.Take("WritePathAsync"));
        }
    }

    [Fact]
    public void What_is_asked_again_is_given_up_once_nobody_waits_for_the_answer()
    {
        MethodInfo[] asked =
        [
            .. typeof(IDevicePartitionGrain).Assembly.GetTypes().Where(static type => type.IsInterface && typeof(IGrain).IsAssignableFrom(type))
                .SelectMany(static type => type.GetMethods()).Where(static method => method.IsDefined(typeof(IdempotentAttribute))),
        ];
        Assert.True(asked.Length > 20);
        // Commands go through, whoever gave them.
        string[] commands = ["DefineAsync", "UpdateAsync", "PostAsync", "ChangeAsync"];
        Assert.All(asked, method => Assert.True(
            commands.Contains(method.Name) || method.GetParameters().Any(static parameter => parameter.ParameterType == typeof(CancellationToken)),
            $"{method.DeclaringType!.Name}.{method.Name} takes no token"));
    }

    [Fact]
    public async Task What_cannot_be_done_twice_is_not()
    {
        await using TwoSilos silos = await StartAsync();
        _interferer.Fail("MaintainAsync", times: 1);
        _ = await Assert.ThrowsAsync<SiloUnavailableException>(() => silos.Client.GetGrain<IDevicePartitionGrain>(1).MaintainAsync().AsTask());
        Assert.Single(_interferer.Take("MaintainAsync"));
    }

    [Fact]
    public async Task Only_the_outermost_call_is_made_again()
    {
        await using TwoSilos silos = await StartAsync();
        // Of the silo that is asked, the other one fails.
        _interferer.Fail("SelectManyAsync", times: 1);
        DeviceWindow[] windows = await silos.All.SelectAsync(new(), s_shape, null, 0);
        Assert.Equal(TwoSilos.Partitions, windows.Length);
        // Were the inner call made again, the outer one would not have been.
        Assert.Equal(2, _interferer.Take("SelectAllAsync").Count);
    }

    [Fact]
    public async Task Who_gives_up_ends_the_question_in_the_silo()
    {
        await using TwoSilos silos = await StartAsync();
        Task held = _interferer.Hold("ReadAsync");
        using CancellationTokenSource giveUp = new();
        Task<DeviceChunk> asking = silos.All[3].ReadAsync(new(), s_shape, 0, giveUp.Token).AsTask();
        await _interferer.Holding.WaitAsync(s_patience);
        Assert.False(asking.IsCompleted);
        await giveUp.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await held.WaitAsync(s_patience);
        Assert.Single(_interferer.Take("ReadAsync"));
    }

    private Task<TwoSilos> StartAsync() => TwoSilos.StartAsync(services => services.AddSingleton<IIncomingGrainCallFilter>(_interferer));

    /// <summary>Stands before the partitions of all silos.</summary>
    private sealed class Interferer : IIncomingGrainCallFilter
    {
        private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _calls = new();
        private readonly ConcurrentDictionary<string, int> _failures = new();
        private readonly TaskCompletionSource _holding = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _given = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private string? _held;

        /// <summary>Completes when a call is held.</summary>
        public Task Holding => _holding.Task;

        /// <summary>Lets the next calls of a method fail after they are answered.</summary>
        public void Fail(string method, int times) => _failures[method] = times;

        /// <summary>Holds calls of a method until they are cancelled.</summary>
        /// <returns>Completes when one is.</returns>
        public Task Hold(string method)
        {
            _held = method;
            return _given.Task;
        }

        /// <summary>What a method was called with.</summary>
        public IReadOnlyList<string> Take(string method) => _calls.TryRemove(method, out ConcurrentQueue<string>? calls) ? [.. calls] : [];

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.InterfaceMethod.DeclaringType != typeof(IDevicePartitionGrain) && context.InterfaceMethod.DeclaringType != typeof(IManyPartitionsGrain))
            {
                await context.Invoke();
                return;
            }
            string method = context.InterfaceMethod.Name;
            IInvokable request = context.Request;
            _calls.GetOrAdd(method, static _ => new()).Enqueue(request.GetArgumentCount() < 2 ? "" : $"{request.GetArgument(0)} {request.GetArgument(1)}");
            if (method == _held)
            {
                CancellationToken cancellation = request.GetCancellationToken();
                using CancellationTokenRegistration registration = cancellation.Register(() => _given.TrySetResult());
                _ = _holding.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            await context.Invoke();
            if (_failures.TryGetValue(method, out int left) && left > 0 && _failures.TryUpdate(method, left - 1, left))
            {
                context.Response = Response.FromException(new SiloUnavailableException("The silo is on its way out."));
            }
        }
    }
}
