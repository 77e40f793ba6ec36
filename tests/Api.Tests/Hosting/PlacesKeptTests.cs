using System.Net;
using KismetOrleans.Api.Tests.Control;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>Places are the same after a restart, with their version.</summary>
public sealed class PlacesKeptTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ko-places-");

    [Fact]
    public async Task Places_go_on_after_a_restart()
    {
        string[] settings = ["--Storage:Sqlite", Path.Combine(_folder.FullName, "server.db")];
        string kept;
        await using (TestServer server = await TestServer.StartAsync(settings))
        {
            (await PutAsync(server)).Ok();
            kept = (await server.Client.AskAsync("/places/all.json")).Ok().Body;
            Assert.Contains("\"name\":\"Campus\"", kept, StringComparison.Ordinal);
        }
        await using TestServer again = await TestServer.StartAsync(settings);
        Assert.Equal(kept, (await again.Client.AskAsync("/places/all.json")).Ok().Body);
        Assert.Equal(HttpStatusCode.Conflict, (await PutAsync(again)).Status);
    }

    [Fact]
    public async Task Pictures_go_on_after_a_restart()
    {
        string[] settings = ["--Storage:Sqlite", Path.Combine(_folder.FullName, "pictures.db")];
        byte[] first = PlanPicturesTests.Png(800, 400, 3_000_000), second = PlanPicturesTests.Png(800, 401, 200);
        string id;
        await using (TestServer server = await TestServer.StartAsync(settings))
        {
            _ = (await PlanPicturesTests.PostAsync(server.Client, second)).Ok();
            id = (await PlanPicturesTests.PostAsync(server.Client, first)).Ok().Json.Text("picture");
            (await PlanPicturesTests.PutAsync(server.Client, id)).Ok();
        }
        await using TestServer again = await TestServer.StartAsync(settings);
        Assert.Equal(first, await again.Client.GetByteArrayAsync($"/places/pictures/{id}"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Task<Answer> PutAsync(TestServer server) => server.Client.SendAsync(HttpMethod.Put, "/places/all.json", new StringContent("""{"sites":[{"name":"Campus"}]}"""));
}
