namespace KismetOrleans.Engine.Operations;

/// <summary>One thing without which the server cannot answer. <c>/healthz/ready</c> asks all that are registered as services.</summary>
public interface IReadinessCheck
{
    /// <summary>What is checked, in a word or two.</summary>
    string Name { get; }

    /// <summary>Asks. A failure may also be thrown; what takes longer than <paramref name="cancellation"/> allows is not ready either.</summary>
    /// <returns>What is not ready, for an operator to read; null when all is well.</returns>
    ValueTask<string?> CheckAsync(CancellationToken cancellation);
}
