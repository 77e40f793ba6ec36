using System.Text;
using KismetOrleans.Api.Ingest;

namespace KismetOrleans.Api.Tests.Ingest;

/// <summary>The JSON of a command is found in bodies as clients send them: encoded, not encoded, bare.</summary>
public sealed class FormJsonTests
{
    [Theory]
    [InlineData("{\"a\":1}", "{\"a\":1}", false)]
    [InlineData(" \r\n{\"a\":1} ", "{\"a\":1} ", false)]
    [InlineData("\uFEFF{\"a\":1}", "{\"a\":1}", false)]
    [InlineData("[1]", "[1]", false)]
    [InlineData("json=%7B%22a%22%3A+%22b%2Bc%22%7D", "{\"a\": \"b+c\"}", false)]
    [InlineData("json=%7b%7d&start=0", "{}", false)]
    [InlineData("start=0&json=%7B%7D&length=5", "{}", false)]
    [InlineData("notjson={}&json=%7B%7D", "{}", false)]
    [InlineData("json={\"a\":\"TKIP+CCMP 100%25 x&y\"}", "{\"a\":\"TKIP+CCMP 100%25 x&y\"}", true)]
    [InlineData("json= {\"a\":1}&b=2", "{\"a\":1}&b=2", true)]
    [InlineData("json=%7B%zz%4%", "{%zz%4%", false)]
    [InlineData("json=", "", false)]
    [InlineData("json", "", false)]
    [InlineData("a=b", "", false)]
    [InlineData("", "", false)]
    [InlineData("&&", "", false)]
    public void Finds(string body, string json, bool mayGoOn)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        Assert.Equal(json, Encoding.UTF8.GetString(FormJson.Find(bytes, out bool goesOn)));
        Assert.Equal(mayGoOn, goesOn);
    }

    [Fact]
    public void Decodes_as_any_encoder_encodes()
    {
        Random random = new(1);
        for (int i = 0; i < 500; i++)
        {
            string text = "{" + string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => (char)random.Next(1, 0x500)));
            byte[] body = Encoding.UTF8.GetBytes("json=" + System.Net.WebUtility.UrlEncode(text));
            Assert.Equal(text, Encoding.UTF8.GetString(FormJson.Find(body, out _)));
        }
    }
}
