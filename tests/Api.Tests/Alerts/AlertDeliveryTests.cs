using System.Threading.Channels;
using KismetOrleans.Grains.Alerts.Outlets;
using KismetOrleans.Records.Alerts;
using Microsoft.Extensions.Logging.Abstractions;

namespace KismetOrleans.Api.Tests.Alerts;

/// <summary>Alerts are delivered in order, tried again, and dropped with a count where nobody takes them.</summary>
public sealed class AlertDeliveryTests
{
    private static readonly OutletOptions s_options = new() { Backoff = TimeSpan.FromMilliseconds(1), Attempts = 3, Queue = 2 };

    [Fact]
    public async Task An_attempt_that_fails_is_made_again_and_the_order_stays()
    {
        using Receiver receiver = new(failures: 2);
        await using AlertDelivery delivery = new(receiver, s_options, TimeProvider.System, NullLogger.Instance);
        delivery.Send(Alert("one"));
        delivery.Send(Alert("two"));
        Assert.Equal("one", await receiver.TakenAsync());
        Assert.Equal("two", await receiver.TakenAsync());
        Assert.Equal((4, 0L), (receiver.Attempts, delivery.Dropped));
    }

    [Fact]
    public async Task What_is_tried_too_often_is_dropped_and_the_next_delivered()
    {
        using Receiver receiver = new(failures: 3);
        await using AlertDelivery delivery = new(receiver, s_options, TimeProvider.System, NullLogger.Instance);
        delivery.Send(Alert("one"));
        delivery.Send(Alert("two"));
        Assert.Equal("two", await receiver.TakenAsync());
        Assert.Equal((4, 1L), (receiver.Attempts, delivery.Dropped));
    }

    [Fact]
    public async Task A_refusal_is_final()
    {
        using Receiver receiver = new(failures: 1, final: true);
        await using AlertDelivery delivery = new(receiver, s_options, TimeProvider.System, NullLogger.Instance);
        delivery.Send(Alert("one"));
        delivery.Send(Alert("two"));
        Assert.Equal("two", await receiver.TakenAsync());
        Assert.Equal((2, 1L), (receiver.Attempts, delivery.Dropped));
    }

    [Fact]
    public async Task More_than_may_wait_are_dropped()
    {
        using Receiver receiver = new(failures: 0);
        receiver.Hold();
        await using AlertDelivery delivery = new(receiver, s_options, TimeProvider.System, NullLogger.Instance);
        delivery.Send(Alert("under way"));
        await receiver.BegunAsync();
        foreach (string text in (string[])["one", "two", "three", "four"])
        {
            delivery.Send(Alert(text));
        }
        Assert.Equal(2, delivery.Dropped);
        receiver.Release();
        Assert.Equal(["under way", "one", "two"], [await receiver.TakenAsync(), await receiver.TakenAsync(), await receiver.TakenAsync()]);
    }

    internal static AlertRecord Alert(string text) => new(new RaisedAlert("KISMET", text), "SYSTEM", 0, -1, 1_700_000_000_123_456);

    private sealed class Receiver(int failures, bool final = false) : IAlertReceiver
    {
        private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
        private readonly Channel<string> _taken = Channel.CreateUnbounded<string>();
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource? _held;

        public string Name => "Test";

        public int Attempts { get; private set; }

        public void Hold() => _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _held!.SetResult();

        public Task BegunAsync() => _begun.Task.WaitAsync(s_patience);

        public Task<string> TakenAsync() => _taken.Reader.ReadAsync().AsTask().WaitAsync(s_patience);

        public async Task DeliverAsync(AlertRecord alert, CancellationToken cancellation)
        {
            _begun.TrySetResult();
            if (++Attempts <= failures)
            {
                throw final ? new AlertRefusedException("no") : new HttpRequestException("later");
            }
            if (_held is { } held)
            {
                await held.Task.WaitAsync(cancellation);
            }
            _taken.Writer.TryWrite(alert.Alert.Text);
        }

        public void Dispose() => _taken.Writer.TryComplete();
    }
}
