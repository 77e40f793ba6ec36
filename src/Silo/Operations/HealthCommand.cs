using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace KismetOrleans.Silo.Operations;

/// <summary>
/// The command <c>health [address]</c>: asks a server whether it is ready. For the health checks of images that have neither a shell nor curl.
/// </summary>
internal static class HealthCommand
{
    public const string Name = "health";

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    /// <summary>Asks.</summary>
    /// <param name="args">The server's address; none for the one in the setting <c>Urls</c> of the environment.</param>
    /// <param name="otherwise">The address where there is no setting.</param>
    /// <returns>0 when the server is ready; 1 when not, with a line that says why; 2 when the address is none.</returns>
    public static int Run(string[] args, string otherwise)
    {
        string text = args.Length > 0 ? args[0] : Configured() ?? otherwise;
        if (AddressOf(text) is not { } address)
        {
            Console.Error.WriteLine($"{Name}: '{text}' is no address of a server; http://127.0.0.1:2501 is");
            return 2;
        }
        try
        {
            using HttpClient client = new() { Timeout = s_timeout };
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(address, HealthEndpoints.ReadyPath));
            using HttpResponseMessage answer = client.Send(request);
            using StreamReader body = new(answer.Content.ReadAsStream());
            Console.Out.WriteLine(body.ReadToEnd().TrimEnd());
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            Console.Error.WriteLine($"{Name}: {address}: {e.Message}");
            return 1;
        }
    }

    /// <summary>Where a server that listens there is reached from this machine.</summary>
    /// <param name="urls">As the setting <c>Urls</c> has it: one or more addresses, which may mean all of the machine's.</param>
    /// <returns>Null when it is no address.</returns>
    public static Uri? AddressOf(string urls)
    {
        string first = urls.Split(';', 2)[0].Replace("//+", "//127.0.0.1", StringComparison.Ordinal).Replace("//*", "//127.0.0.1", StringComparison.Ordinal);
        if (!Uri.TryCreate(first, UriKind.Absolute, out Uri? address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            return null;
        }
        return address.Host is "0.0.0.0" or "[::]" ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri : address;
    }

    private static string? Configured()
    {
        IConfigurationRoot environment = new ConfigurationBuilder().Add(new EnvironmentVariablesConfigurationSource()).Build();
        return environment[WebHostDefaults.ServerUrlsKey] ?? environment["ASPNETCORE_URLS"];
    }
}
