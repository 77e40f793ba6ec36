namespace KismetOrleans.Engine.Views;

/// <summary>The views that users defined, in the settings or by command.</summary>
public interface IUserViews
{
    /// <summary>All of them, those of the settings first.</summary>
    ValueTask<IReadOnlyList<UserView>> ListAsync(CancellationToken cancellation = default);

    /// <summary>Defines a view, in the place of one with the same id; completes when it is kept.</summary>
    /// <returns>Null, or why not.</returns>
    ValueTask<string?> DefineAsync(UserView view);

    /// <summary>Removes a view.</summary>
    /// <returns>Null, or why not.</returns>
    ValueTask<string?> RemoveAsync(string id);
}
