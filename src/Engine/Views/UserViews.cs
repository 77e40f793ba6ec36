namespace KismetOrleans.Engine.Views;

/// <summary>The views of users, kept by a function of its host. One caller at a time defines and removes; any thread may list.</summary>
/// <param name="configured">Those of the settings, which no command changes.</param>
/// <param name="defined">Those that commands defined before, as texts.</param>
/// <param name="keep">Keeps the texts of those that commands defined.</param>
public sealed class UserViews(IReadOnlyList<UserView> configured, IEnumerable<string> defined, Func<IReadOnlyList<string>, Task> keep) : IUserViews
{
    private readonly SemaphoreSlim _turn = new(1);
    private volatile UserView[] _defined = [.. defined.Select(UserView.Read)];

    public ValueTask<IReadOnlyList<UserView>> ListAsync(CancellationToken cancellation = default) => new([.. configured, .. _defined.Where(view => !IsConfigured(view.Id))]);

    public async ValueTask<string?> DefineAsync(UserView view)
    {
        if (IsConfigured(view.Id))
        {
            return $"view '{view.Id}' is defined in the server's settings";
        }
        await _turn.WaitAsync();
        try
        {
            UserView[] all = [.. _defined.Where(other => other.Id != view.Id), view];
            if (all.Length + configured.Count > ViewMembers.MaxViews)
            {
                return $"there are {ViewMembers.MaxViews} views already; remove one";
            }
            await keep([.. all.Select(static one => one.Text)]);
            _defined = all;
            return null;
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    public async ValueTask<string?> RemoveAsync(string id)
    {
        if (IsConfigured(id))
        {
            return $"view '{id}' is defined in the server's settings";
        }
        await _turn.WaitAsync();
        try
        {
            UserView[] all = [.. _defined.Where(other => other.Id != id)];
            if (all.Length == _defined.Length)
            {
                return $"there is no view '{id}' of a user's";
            }
            await keep([.. all.Select(static one => one.Text)]);
            _defined = all;
            return null;
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    private bool IsConfigured(string id) => configured.Any(view => view.Id == id);
}
