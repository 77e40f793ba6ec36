using KismetOrleans.Silo.Hosting;
using Microsoft.Extensions.Configuration;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>Where the embedded server keeps its state when it is told, and when it is not.</summary>
public sealed class StoragePlaceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ko-place-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_the_settings_name_is_used_whatever_else_there_is()
    {
        Assert.Equal(new("/x/y.db"), Choose([("Storage:Sqlite", "/x/y.db"), ("CommandLineSources:0", "walk.pcap")], ("STATE_DIRECTORY", _folder)));
        Assert.Equal(new(null), Choose([("Storage:Sqlite", "none")], ("STATE_DIRECTORY", _folder)));
    }

    [Theory]
    [InlineData("CommandLineSources:0", "walk.pcap:name=hall")]
    [InlineData("Sources:0", "/data/walk.pcapng")]
    public void A_replay_is_kept_in_memory(string key, string definition)
    {
        StoragePlace place = Choose([(key, definition)], ("STATE_DIRECTORY", _folder));
        Assert.Null(place.File);
        Assert.False(place.Unexpected);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void An_interface_is_kept_in_a_file_by_the_port_of_the_server()
    {
        Assert.Equal(
            Path.Combine(_folder, "server-2600.db"),
            Choose([("CommandLineSources:0", "wlan0"), ("urls", "http://*:2600;http://127.0.0.1:2601")], ("STATE_DIRECTORY", _folder + ":/other")).File);
        Assert.Equal(Path.Combine(_folder, "server-2501.db"), Choose([], ("STATE_DIRECTORY", _folder)).File);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Without_a_service_manager_it_is_the_folder_for_state_of_the_user_which_nobody_else_can_enter()
    {
        Assert.Equal(
            new(Path.Combine(_folder, "kismetorleans", "server-2501.db"), OwnFolder: true), Choose([], ("XDG_STATE_HOME", _folder), ("HOME", "/nowhere")));
        Assert.Equal(
            Path.Combine(_folder, ".local", "state", "kismetorleans", "server-2501.db"), Choose([], ("XDG_STATE_HOME", "relative"), ("HOME", _folder)).File);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(_folder, "kismetorleans")));
        }
    }

    [Fact]
    public void Where_nothing_can_be_written_it_is_memory_with_a_warning()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        StoragePlace place = Choose([], ("XDG_STATE_HOME", file));
        Assert.Null(place.File);
        Assert.True(place.Unexpected);
        Assert.Contains(file, place.Reason, StringComparison.Ordinal);
        Assert.True(Choose([]).Unexpected);
    }

    [Fact]
    public void A_port_that_changes_has_no_file_and_an_address_that_is_none_is_refused()
    {
        Assert.Equal((null, false), Parts(Choose([("urls", "http://127.0.0.1:0")], ("STATE_DIRECTORY", _folder))));
        Assert.Contains("nonsense", Assert.Throws<ArgumentException>(() => Choose([("urls", "nonsense")], ("STATE_DIRECTORY", _folder))).Message, StringComparison.Ordinal);
    }

    private static (string?, bool) Parts(StoragePlace place) => (place.File, place.Unexpected);

    private static StoragePlace Choose((string Key, string Value)[] settings, params (string Name, string Value)[] environment) => StoragePlace.Choose(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build(),
        name => environment.FirstOrDefault(variable => variable.Name == name).Value);
}
