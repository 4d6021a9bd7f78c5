using Fairlead.Model.Apps;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>Gives answers the headers that tell browsers to be careful, where the app has not said otherwise.</summary>
internal sealed class SecurityDressing(SecurityPolicy policy) : IDressing
{
    private const string Hsts = "Strict-Transport-Security";

    private readonly (string Name, string Value)[] headers =
    [
        .. new (string Name, string? Value)[]
        {
            ("Content-Security-Policy", policy.ContentSecurityPolicy),
            (Hsts, policy.Hsts),
            ("X-Frame-Options", policy.Frame),
            ("Referrer-Policy", policy.Referrer),
            ("Permissions-Policy", policy.Permissions),
            ("X-Content-Type-Options", policy.NoSniff ? "nosniff" : null),
            ("Cross-Origin-Opener-Policy", policy.Opener),
            ("Cross-Origin-Resource-Policy", policy.Resource),
        }
            .Where(one => one.Value is not null)
            .Select(one => (one.Name, one.Value!)),
    ];

    public void Dress(Visit visit)
    {
        var answer = visit.Http.Response.Headers;
        var isSecure = visit.Http.Request.IsHttps;
        foreach (var (name, value) in headers)
        {
            // A browser ignores it over plain HTTP (RFC 6797, 7.2).
            if ((isSecure || name != Hsts) && (policy.Force || !answer.ContainsKey(name)))
            {
                answer[name] = value;
            }
        }
    }
}
