using System.Net;
using System.Net.Http.Headers;

namespace KismetOrleans.Api.Tests.WebUi;

/// <summary>Kismet's own page: its folder's files below a prefix, and behind them the API, as its relative paths ask for it.</summary>
public sealed class KismetUiTests(KismetFolder folder) : IClassFixture<KismetFolder>
{
    private readonly HttpClient _client = folder.Server.Anonymous;

    [Theory]
    [InlineData("/kismet-ui/", "text/html", KismetFolder.Page)]
    [InlineData("/kismet-ui/?censor=1", "text/html", KismetFolder.Page)]
    [InlineData("/kismet-ui/index.html", "text/html", KismetFolder.Page)]
    [InlineData("/kismet-ui/js/kismet.ui.dot11.js", "text/javascript", KismetFolder.Script)]
    [InlineData("/kismet-ui/css/part.css", "text/css", "p{}")]
    [InlineData("/kismet-ui/notes", "application/octet-stream", "notes")]
    [InlineData("/favicon.ico", "image/x-icon", "an icon")]
    public async Task Files_are_served_unchanged_with_a_policy_of_their_own(string path, string contentType, string body)
    {
        using HttpResponseMessage answer = await GetAsync(path);

        Assert.Equal((HttpStatusCode.OK, body), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.Equal(contentType, answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no-cache", answer.Headers.CacheControl!.ToString());
        Assert.Equal("Kismet", answer.Headers.Server.ToString());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'self'; script-src 'self' 'unsafe-inline';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_may_ask_for_the_head_alone_and_for_what_has_changed()
    {
        using HttpResponseMessage head = await _client.SendAsync(new(HttpMethod.Head, "/kismet-ui/"));
        Assert.Equal((HttpStatusCode.OK, (long?)KismetFolder.Page.Length), (head.StatusCode, head.Content.Headers.ContentLength));

        using HttpRequestMessage request = new(HttpMethod.Get, "/kismet-ui/");
        request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(head.Headers.ETag!.ToString()));
        using HttpResponseMessage again = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task The_prefix_alone_leads_to_the_page()
    {
        using HttpResponseMessage answer = await GetAsync("/kismet-ui?censor=1");
        Assert.Equal((HttpStatusCode.OK, "/kismet-ui/?censor=1"), (answer.StatusCode, answer.RequestMessage!.RequestUri!.PathAndQuery));
    }

    [Theory]
    [InlineData("/kismet-ui/gone.js")]
    [InlineData("/kismet-ui/js")]
    [InlineData("/kismet-ui/js/")]
    [InlineData("/kismet-ui/.hidden")]
    [InlineData("/kismet-ui/../secret.txt")]
    [InlineData("/kismet-ui/%2e%2e/secret.txt")]
    [InlineData("/kismet-ui/..%2fsecret.txt")]
    [InlineData("/kismet-ui/..%5csecret.txt")]
    [InlineData("/kismet-ui/js/%2e%2e/%2e%2e/secret.txt")]
    [InlineData("/kismet-ui/js/..%2f..%2fsecret.txt")]
    [InlineData("/kismet-ui/kismet-ui/")]
    [InlineData("/kismet-uiother/index.html")]
    [InlineData("/js/kismet.ui.dot11.js")]
    [InlineData("/index.html")]
    public async Task What_is_no_file_of_the_folder_and_no_path_of_the_API_is_not_there(string path)
    {
        using HttpResponseMessage answer = await GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain("not for anybody", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_API_is_behind_the_prefix_with_its_own_headers_and_roles()
    {
        Answer user = (await _client.AskAsync("/kismet-ui/system/user_status.json")).Ok();
        Assert.Equal((await _client.AskAsync("/system/user_status.json")).Body, user.Body);
        Assert.StartsWith("default-src 'none';", user.Message.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        (await _client.AskAsync("/kismet-ui//datasource//all_sources.json")).Ok();
        Assert.Equal(HttpStatusCode.Unauthorized, (await _client.AskAsync("/kismet-ui/datasource/list_interfaces.json")).Status);
        Answer page = (await folder.Server.Client.CommandAsync("/kismet-ui/devices/views/all/devices.json", "{\"fields\":[\"kismet.device.base.key\"]}", ("page", "0"), ("length", "20"))).Ok();
        Assert.Equal(0, page.Json.Number("total_row"));
    }

    [Fact]
    public async Task The_first_page_stays_ours()
    {
        using HttpResponseMessage answer = await GetAsync("/");
        Assert.NotEqual(KismetFolder.Page, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/dynamic.js")]
    [InlineData("/kismet-ui/dynamic.js")]
    public async Task The_script_loads_those_parts_that_the_folder_has(string path)
    {
        using HttpResponseMessage answer = await GetAsync(path);
        Assert.Equal("application/javascript", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(
            """
            var local_uri_prefix = typeof KISMET_URI_PREFIX === "undefined" ? "./" : KISMET_URI_PREFIX;
            var kismet_ui_btle;
            var kismet_ui_dot11;
            async function load_dynamics() {
                kismet_ui_btle = await import(local_uri_prefix + "js/kismet.ui.btle.js");
                kismet_ui_dot11 = await import(local_uri_prefix + "js/kismet.ui.dot11.js");
            }

            """,
            await answer.Content.ReadAsStringAsync());
        Assert.Equal(
            """{"dynamicjs": [{"module": "kismet_ui_btle","js": "js/kismet.ui.btle.js"},{"module": "kismet_ui_dot11","js": "js/kismet.ui.dot11.js"}]}""",
            (await _client.AskAsync(path + "on")).Ok().Body);
    }

    [Fact]
    public async Task There_are_no_aircraft()
    {
        Assert.Equal(
            """{"kismet.adsb.map.min_lat": 0.0,"kismet.adsb.map.min_lon": 0.0,"kismet.adsb.map.max_lat": 0.0,"kismet.adsb.map.max_lon": 0.0,"kismet.adsb.map.devices": []}""",
            (await _client.AskAsync("/phy/ADSB/map_data.json")).Ok().Body);
    }

    [Fact]
    public async Task A_page_that_asks_for_the_setup_is_told_that_it_is_done()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/kismet-ui/session/check_setup_ok");
        request.Headers.Add("X-Requested-With", "XMLHttpRequest");
        using HttpResponseMessage answer = await _client.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, "Login configured in global config\n"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task At_the_root_it_takes_the_place_of_our_page_and_of_nothing_else()
    {
        await using TestServer server = await folder.StartAsync("--WebUi:KismetAtRoot", "true");
        foreach (string path in (string[])["/", "/?censor=1", "/index.html", "/kismet-ui/"])
        {
            Assert.Equal(KismetFolder.Page, await server.Anonymous.GetStringAsync(path));
        }
        Assert.Equal(KismetFolder.Script, await server.Anonymous.GetStringAsync("/js/kismet.ui.btle.js"));
        (await server.Anonymous.AskAsync("/system/user_status.json")).Ok();
        (await server.Anonymous.AskAsync("/js")).NotFound();
        using HttpResponseMessage ours = await server.Anonymous.GetAsync("/ui/");
        Assert.Equal(HttpStatusCode.OK, ours.StatusCode);
        Assert.NotEqual(KismetFolder.Page, await ours.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Without_a_folder_there_is_no_such_page_and_there_are_no_parts()
    {
        await using TestServer server = await TestServer.StartAsync();
        (await server.Anonymous.AskAsync("/kismet-ui/")).NotFound();
        Assert.EndsWith("async function load_dynamics() {\n}\n", await server.Anonymous.GetStringAsync("/dynamic.js"), StringComparison.Ordinal);
    }

    // As it is written, dots and all.
    private Task<HttpResponseMessage> GetAsync(string path) =>
        _client.GetAsync(new Uri(folder.Server.Address.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
}
