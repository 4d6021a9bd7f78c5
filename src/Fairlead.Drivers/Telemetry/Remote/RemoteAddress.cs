using System.Net.Http.Headers;
using System.Text;

namespace Fairlead.Drivers.Telemetry.Remote;

/// <summary>Another store's address, with what it wants to know apart from it, so that it can be shown.</summary>
/// <param name="Url">Without a password, and with a slash at its end.</param>
public sealed record RemoteAddress(Uri Url, AuthenticationHeaderValue? Login)
{
    /// <summary>
    /// Reads <c>https://user:password@host/path</c>, or <c>https://:token@host/path</c> for a bearer's token; <c>${NAME}</c> stands for a
    /// variable of the environment.
    /// </summary>
    /// <exception cref="Model.Problems.ProblemException">It is no such address.</exception>
    public static RemoteAddress Read(string text, Func<string, string?> variable)
    {
        var whole = Scraping.TargetAddress.Complete(text, variable);
        var (user, password) = Scraping.TargetAddress.LoginOf(whole);
        return new(
            new UriBuilder(whole) { UserName = "", Password = "" }.Uri,
            user.Length > 0 ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")))
                : password.Length > 0 ? new("Bearer", password)
                : null
        );
    }

    /// <summary>A path below it.</summary>
    public Uri At(string path) => new($"{Url.AbsoluteUri.TrimEnd('/')}{path}");

    public override string ToString() => Url.AbsoluteUri;
}
