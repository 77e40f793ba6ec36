using System.Text.Json;
using Microsoft.Playwright;

namespace KismetOrleans.Web.Tests;

/// <summary>A page from elsewhere gives no commands with the session of whoever opens it.</summary>
[Collection(BrowserCollection.Name)]
public sealed class CrossSiteTests(Browser browser)
{
    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_form_of_another_page_does_nothing(bool fromAnotherPort)
    {
        await using WebServer server = await WebServer.StartAsync();
        await using WebServer other = await WebServer.StartAsync();
        // The page from elsewhere has no policy that would keep it from asking.
        await using WebPage page = await browser.OpenAsync(server, new() { BypassCSP = true });
        await page.LogInAsync();
        string command = server.Address + "auth/apikey/generate.cmd";

        // The same host is the same site to the cookie, which goes along; to a page without an address it is another one.
        await page.Page.GotoAsync(fromAnotherPort ? other.Address + "api.html" : "data:text/html,<p>elsewhere");
        IResponse answer = await page.Page.RunAndWaitForResponseAsync(
            () => page.Page.EvaluateAsync(
                """
                ([to]) => {
                    const form = document.createElement('form');
                    form.method = 'post';
                    form.action = to;
                    const field = document.createElement('input');
                    field.name = 'json';
                    field.value = JSON.stringify({ name: 'stolen', role: 'admin', duration: 0 });
                    form.append(field);
                    document.body.append(form);
                    form.submit();
                }
                """,
                new object[] { command }),
            command);

        Assert.Contains(answer.Status, new[] { 401, 403 });
        using JsonDocument keys = JsonDocument.Parse(await server.Client.GetStringAsync("/auth/apikey/list.json"));
        Assert.Equal(0, keys.RootElement.GetArrayLength());
    }
}
