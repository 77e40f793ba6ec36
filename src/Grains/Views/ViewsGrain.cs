using KismetOrleans.Engine.Views;
using KismetOrleans.Grains.Storage;

namespace KismetOrleans.Grains.Views;

/// <summary>The views that commands defined in the cluster: one grain, key 0.</summary>
[Alias("KismetOrleans.IViewsGrain")]
public interface IViewsGrain : IGrainWithIntegerKey
{
    /// <summary>All of them, as <see cref="UserView.Text"/>.</summary>
    [Alias("List")]
    [Idempotent]
    ValueTask<string[]> ListAsync(CancellationToken cancellation = default);

    /// <inheritdoc cref="IUserViews.DefineAsync"/>
    [Alias("Define")]
    [Idempotent]
    ValueTask<string?> DefineAsync(string view);

    /// <inheritdoc cref="IUserViews.RemoveAsync"/>
    [Alias("Remove")]
    ValueTask<string?> RemoveAsync(string id);
}

/// <summary>The views that commands defined, kept in grain storage as <see cref="UserView.Text"/>.</summary>
public sealed class ViewsGrain([PersistentState("views")] IPersistentState<StoredLines> kept) : Grain, IViewsGrain
{
    private UserViews _views = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _views = new([], kept.State.Lines, texts => kept.ReplaceAsync(new() { Lines = [.. texts] }));
        return Task.CompletedTask;
    }

    public async ValueTask<string[]> ListAsync(CancellationToken cancellation = default) => [.. (await _views.ListAsync(cancellation)).Select(static view => view.Text)];

    public ValueTask<string?> DefineAsync(string view) => _views.DefineAsync(UserView.Read(view));

    public ValueTask<string?> RemoveAsync(string id) => _views.RemoveAsync(id);
}

/// <summary>The users' views of the cluster as an API server sees them: those of its own settings, and those that commands defined anywhere.</summary>
public sealed class ClusterViews(IGrainFactory grains, IReadOnlyList<UserView> configured) : IUserViews
{
    private IViewsGrain Grain => grains.GetGrain<IViewsGrain>(0);

    public async ValueTask<IReadOnlyList<UserView>> ListAsync(CancellationToken cancellation = default)
    {
        string[] defined = await Grain.ListAsync(cancellation);
        return [.. configured, .. defined.Select(UserView.Read).Where(view => !IsConfigured(view.Id))];
    }

    public async ValueTask<string?> DefineAsync(UserView view) =>
        IsConfigured(view.Id) ? $"view '{view.Id}' is defined in the server's settings" : await Grain.DefineAsync(view.Text);

    public async ValueTask<string?> RemoveAsync(string id) =>
        IsConfigured(id) ? $"view '{id}' is defined in the server's settings" : await Grain.RemoveAsync(id);

    private bool IsConfigured(string id) => configured.Any(view => view.Id == id);
}
