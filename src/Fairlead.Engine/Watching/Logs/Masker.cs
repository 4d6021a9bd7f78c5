using System.Buffers;
using System.Text.RegularExpressions;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Logs;

/// <summary>
/// Hides secrets in what was logged, before anything of it is written: values that Fairlead knows, and what looks like one. Lines
/// without any sign of a secret are only looked over once, many letters at a time.
/// </summary>
/// <param name="known">Hides the values that Fairlead knows, in all the forms in which programs print them.</param>
public sealed partial class Masker(LiveMask known)
{
    /// <summary>What stands where a secret was.</summary>
    public const string Mask = Secret.Shown;

    /// <summary>No secret has a form of its own without one of these in it or before it.</summary>
    private static readonly SearchValues<string> Signs = SearchValues.Create(
        [
            "bearer ",
            "basic ",
            "eyJ",
            "AKIA",
            "ASIA",
            "PRIVATE KEY",
            "://",
            "passw",
            "pwd",
            "secret",
            "token",
            "api_key",
            "apikey",
            "api-key",
            "access_key",
            "accesskey",
            "private_key",
            "credential",
            "cookie",
            "authoriz",
            "ghp_",
            "gho_",
            "ghs_",
            "ghu_",
            "github_pat_",
            "glpat-",
            "xox",
            "sk_live_",
            "rk_live_",
            "whsec_",
            "npm_",
            "AIza",
        ],
        StringComparison.OrdinalIgnoreCase
    );

    /// <summary>The same text without secrets; the very same string when it has none.</summary>
    public string Masked(string text)
    {
        text = known.Masked(text);
        if (text.AsSpan().ContainsAny(Signs))
        {
            text = WithoutForms(text);
        }
        return Cards.Masked(text);
    }

    /// <summary>A field's value; that of a field whose name says that it is a secret is hidden whole.</summary>
    public LogField Masked(LogField field) =>
        field.Value.Length > 0 && field.Name.AsSpan().ContainsAny(Signs) && SecretName().IsMatch(field.Name)
            ? field with
            {
                Value = Mask,
            }
            : field with
            {
                Value = Masked(field.Value),
            };

    /// <summary>Hides these values and no others.</summary>
    public static Masker Of(IEnumerable<string> known) => new(new LiveMask { Now = SecretMask.Of([], known) });

    private static string WithoutForms(string text)
    {
        text = PrivateKey().Replace(text, "-----BEGIN ${kind}PRIVATE KEY----- " + Mask);
        text = Credentials().Replace(text, "${scheme} " + Mask);
        text = WebToken().Replace(text, Mask);
        text = Issued().Replace(text, "${prefix}" + Mask);
        text = UrlPassword().Replace(text, "://${user}:" + Mask + "@");
        return Assigned().Replace(text, "${name}${between}" + Mask);
    }

    // A key may be written in one line or in many, and may be cut off.
    [GeneratedRegex(
        @"-----BEGIN (?<kind>[A-Z ]{0,30})PRIVATE KEY-----[^-]*(-----END [A-Z ]{0,30}PRIVATE KEY-----)?",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex PrivateKey();

    // A digit or an equals sign is in every one, and in few words of prose.
    [GeneratedRegex(
        @"\b(?<scheme>bearer|basic) {1,4}(?=[A-Za-z+/._~-]{0,200}[0-9=])[A-Za-z0-9+/._~=-]{8,}",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Credentials();

    // JSON Web Tokens: two parts of JSON in base64url and a signature.
    [GeneratedRegex(
        @"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex WebToken();

    // Keys that say by their first letters who issued them.
    [GeneratedRegex(
        @"\b(?<prefix>AKIA|ASIA|gh[posu]_|github_pat_|glpat-|xox[abprs]-|sk_live_|rk_live_|whsec_|npm_|AIza)[A-Za-z0-9_-]{12,}",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Issued();

    [GeneratedRegex(
        @"://(?<user>[^\s/:@""']{0,100}):[^\s/@""']{1,200}@",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex UrlPassword();

    // password=x, "client_secret": "x", --api-key x, Set-Cookie: x
    [GeneratedRegex(
        @"(?<name>(passw(or)?d|passwd|pwd|secret|token|api[_-]?key|access[_-]?key(_?id)?|private[_-]?key|credentials?|cookie))(?<between>\\?[""']?\s{0,4}[=:]\s{0,4}\\?[""']?)(?!\*\*\*)[^\s""',;&\\}\]]{1,4000}",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Assigned();

    [GeneratedRegex(
        @"(passw(or)?d|passwd|pwd|secret|(^|[._-])token|_token|Token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|(^|[._-])(set-)?cookie|authorization)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex SecretName();
}
