using KismetOrleans.Storage.Postgres;
using Npgsql;

namespace KismetOrleans.Storage.Tests.Postgres;

/// <summary>What a connection string does not say is as we want it; what it says is as it says.</summary>
public sealed class PostgresSettingsTests
{
    [Fact]
    public void What_is_not_said_is_ours()
    {
        NpgsqlConnectionStringBuilder settings = PostgresSettings.Read("Host=db;Database=kismet");
        Assert.Equal((16, 5, 0, 30), (settings.MaxPoolSize, settings.Timeout, settings.KeepAlive, settings.MaxAutoPrepare));
        Assert.Equal((true, 10, 3), (settings.TcpKeepAlive, settings.TcpKeepAliveTime, settings.TcpKeepAliveInterval));
        Assert.Equal("KismetOrleans", settings.ApplicationName);
    }

    [Theory]
    [InlineData("Maximum Pool Size=40;Timeout=7;Keepalive=3;Max Auto Prepare=0")]
    [InlineData("MaxPoolSize=40;timeout=7;KEEPALIVE=3;MaxAutoPrepare=0")]
    public void What_is_said_stays(string said)
    {
        NpgsqlConnectionStringBuilder settings = PostgresSettings.Read($"Host=db;Database=kismet;{said}");
        Assert.Equal((40, 7, 3, 0), (settings.MaxPoolSize, settings.Timeout, settings.KeepAlive, settings.MaxAutoPrepare));
        // As often as it is read again.
        Assert.Equal(settings.ConnectionString, PostgresSettings.Read(settings.ConnectionString).ConnectionString);
    }

    [Fact]
    public void What_is_none_is_refused() => Assert.Contains(
        "Storage:Postgres", Assert.Throws<StorageException>(() => PostgresSettings.Read("db:5432/kismet")).Message, StringComparison.Ordinal);
}
