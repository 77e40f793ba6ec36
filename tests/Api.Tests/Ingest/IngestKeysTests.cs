using System.Net;
using System.Security.Cryptography;
using System.Text;
using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Ingest;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace KismetOrleans.Api.Tests.Ingest;

/// <summary>Who may feed the server: this machine while there are no keys, then whoever has one, at its rate.</summary>
public sealed class IngestKeysTests
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData("127.0.0.1", 200)]
    [InlineData("127.8.8.8", 200)]
    [InlineData("::1", 200)]
    [InlineData("::ffff:127.0.0.1", 200)]
    [InlineData("192.0.2.1", 401)]
    [InlineData("2001:db8::1", 401)]
    [InlineData(null, 200)]
    public void Without_keys_this_machine_may(string? address, int status)
    {
        DefaultHttpContext http = From(address);
        http.Request.Headers.Authorization = Basic("kismet", "kismet");
        Assert.Equal(status, Admit(new([], _time), http).Status);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", 401)]
    [InlineData("Sec-Fetch-Site", "same-site", 401)]
    [InlineData("Sec-Fetch-Site", "same-origin", 200)]
    [InlineData("X-Forwarded-For", "192.0.2.1", 401)]
    [InlineData("Forwarded", "for=192.0.2.1", 401)]
    public void Who_speaks_for_others_is_not_this_machine(string header, string value, int status)
    {
        DefaultHttpContext http = From("127.0.0.1");
        http.Request.Headers[header] = value;
        Assert.Equal(status, Admit(new([], _time), http).Status);
    }

    [Fact]
    public void A_key_may_come_in_four_ways()
    {
        IngestKeys keys = new([new() { Name = "phone", Key = "s3cret-of-a-phone" }], _time);
        Assert.Equal(401, Admit(keys, From("127.0.0.1")).Status);
        DefaultHttpContext bearer = From("192.0.2.1");
        bearer.Request.Headers.Authorization = "Bearer s3cret-of-a-phone";
        DefaultHttpContext basic = From("192.0.2.1");
        basic.Request.Headers.Authorization = Basic("anybody", "s3cret-of-a-phone");
        DefaultHttpContext cookie = From("192.0.2.1");
        cookie.Request.Headers.Cookie = "a=b; KISMET=s3cret-of-a-phone";
        DefaultHttpContext query = From("192.0.2.1");
        query.Request.QueryString = new("?KISMET=s3cret-of-a-phone");
        Assert.All(new[] { bearer, basic, cookie, query }, http => Assert.Equal("phone", Admit(keys, http).Key!.Name));
        // A cookie of a browser that is logged in otherwise does not stand in the way.
        query.Request.Headers.Authorization = Basic("kismet", "kismet");
        Assert.Equal(200, Admit(keys, query).Status);
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer s3cret-of-a-phon")]
    [InlineData("bearer S3CRET-OF-A-PHONE")]
    [InlineData("Basic !!!")]
    [InlineData("Basic czNjcmV0LW9mLWEtcGhvbmU=")]
    [InlineData("Digest s3cret-of-a-phone")]
    [InlineData("s3cret-of-a-phone")]
    [InlineData("")]
    public void Anything_else_is_no_key(string authorization)
    {
        DefaultHttpContext http = From("127.0.0.1");
        http.Request.Headers.Authorization = authorization;
        IngestAdmission admission = Admit(new([new() { Name = "phone", Key = "s3cret-of-a-phone" }], _time), http);
        admission.Explain(http.Response);
        Assert.Equal(401, admission.Status);
        Assert.Equal("Basic realm=\"Kismet\"", http.Response.Headers.WWWAuthenticate);
    }

    [Fact]
    public void A_key_may_stand_in_the_settings_as_its_digest()
    {
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Ingest:Keys:0:Name"] = "a",
            ["Ingest:Keys:0:Key"] = "one of the phones",
            ["Ingest:Keys:1:Name"] = "b",
            ["Ingest:Keys:1:KeySha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("two"))),
        }).Build();
        IngestKeys keys = IngestKeys.Of(settings, _time);
        DefaultHttpContext http = From("192.0.2.1");
        http.Request.Headers.Authorization = "Bearer two";
        Assert.Equal("b", Admit(keys, http).Key!.Name);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("a", "b")]
    [InlineData("123456789012345", null)]
    [InlineData(null, "abcd")]
    [InlineData(null, "zz00000000000000000000000000000000000000000000000000000000000000")]
    public void Settings_that_name_no_key_are_refused(string? key, string? digest) =>
        Assert.Contains("Ingest:Keys: x:", Assert.Throws<ArgumentException>(
            () => new IngestKeys([new() { Name = "x", Key = key, KeySha256 = digest }], _time)).Message, StringComparison.Ordinal);

    [Fact]
    public void Two_may_not_share_a_key() =>
        Assert.Throws<ArgumentException>(() => new IngestKeys([new() { Name = "a", Key = "the key of a phone" }, new() { Name = "b", Key = "the key of a phone" }], _time));

    [Fact]
    public void A_rate_holds_over_ten_seconds()
    {
        IngestKeys keys = new([new() { Name = "phone", Key = "the key of a phone", Rate = 100 }], _time);
        DefaultHttpContext http = From("192.0.2.1");
        http.Request.Headers.Authorization = "Bearer the key of a phone";
        // Ten seconds of credit; the request that uses it up may overdraw it.
        Admit(keys, http).Key!.Charge(999, 5);
        Assert.Equal(200, Admit(keys, http).Status);
        Admit(keys, http).Key!.Charge(501, 5);
        IngestAdmission refused = Admit(keys, http);
        refused.Explain(http.Response);
        Assert.Equal((429, "6"), (refused.Status, http.Response.Headers.RetryAfter.ToString()));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(429, Admit(keys, http).Status);
        _time.Advance(TimeSpan.FromSeconds(0.01));
        Assert.Equal(200, Admit(keys, http).Status);
    }

    [Fact]
    public void Bytes_have_a_rate_of_their_own()
    {
        IngestKey key = new("phone", rate: 100, byteRate: 10, newSources: 0, _time);
        key.Charge(1, 150);
        Assert.Equal(TimeSpan.FromSeconds(5.1), key.Wait());
        key.Charge(1999, 0);
        Assert.Equal(TimeSpan.FromSeconds(10.01), key.Wait());
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(key.Wait());
        // Credit ends at ten seconds, however long nothing came.
        key.Charge(0, 100);
        Assert.NotNull(key.Wait());
    }

    private static IngestAdmission Admit(IngestKeys keys, HttpContext http)
    {
        ValueTask<IngestAdmission> admission = keys.AdmitAsync(http, Role.ScanReport);
        // Nothing to wait for where there are no logins.
        Assert.True(admission.IsCompletedSuccessfully);
        return admission.Result;
    }

    private static DefaultHttpContext From(string? address)
    {
        DefaultHttpContext http = new();
        http.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        return http;
    }

    private static string Basic(string user, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    private sealed class ManualTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
