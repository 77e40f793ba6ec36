using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace KismetOrleans.Api.Auth;

/// <summary>What a path asks of its caller, as ASP.NET's authorization has it: a policy for each role, that of reading where a path names none.</summary>
internal static class LoginPolicies
{
    private static readonly string[] s_roles = [Role.Admin, Role.ReadOnly, Role.Any, Role.Datasource, Role.ScanReport, Role.WebGps, Role.Adsb];

    public static void AddLoginPolicies(this IServiceCollection services)
    {
        services.AddAuthenticationCore(static options =>
        {
            options.AddScheme<LoginHandler>(LoginHandler.SchemeName, null);
            options.DefaultScheme = LoginHandler.SchemeName;
        });
        AuthorizationBuilder builder = services.AddAuthorizationBuilder();
        foreach (string role in s_roles)
        {
            builder.AddPolicy(role, policy => policy.RequireAssertion(context => May((HttpContext)context.Resource!, role)));
        }
        // Unknown paths and wrong verbs are told before anybody is asked who he is.
        builder.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(static context =>
            context.Resource is HttpContext http && (http.GetEndpoint() is not RouteEndpoint || May(http, Role.ReadOnly))).Build());
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AdmittedLogins>();
    }

    /// <summary>Says what role a path asks for; <see cref="Role.None"/> for no login.</summary>
    public static TBuilder NeedsRole<TBuilder>(this TBuilder route, string role) where TBuilder : IEndpointConventionBuilder =>
        role == Role.None ? route.AllowAnonymous() : route.RequireAuthorization(role);

    /// <summary>Who asks; null where the path needs no login.</summary>
    public static Login? Login(this HttpContext http) => (http.User.Identity as LoginIdentity)?.Login;

    private static bool May(HttpContext http, string role) =>
        (role == Role.Adsb && May(http, Role.ReadOnly)) || MayItself(http, role);

    private static bool MayItself(HttpContext http, string role) =>
        http.Login() is { } login && login.May(role) ? role is Role.ReadOnly or Role.Any || !http.RequestServices.GetRequiredService<RequestOrigins>().IsForged(http, login)
        : role == Role.ReadOnly && !LoginHandler.IsWrong(http) && http.RequestServices.GetRequiredService<OpenReads>().May(http.Request);

    /// <summary>Gives who is admitted a session as a cookie, and has the request end with its login.</summary>
    private sealed class AdmittedLogins(OpenRequests requests) : IAuthorizationMiddlewareResultHandler
    {
        private readonly AuthorizationMiddlewareResultHandler _framework = new();

        public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
        {
            if (!authorizeResult.Succeeded || context.Login() is not { } login)
            {
                await _framework.HandleAsync(next, context, policy, authorizeResult);
                return;
            }
            LoginCookie.Give(context, login);
            using OpenRequests.Entry entry = requests.Add(context, login);
            await next(context);
        }
    }
}
