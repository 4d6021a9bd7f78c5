using System.Net;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Checking;

/// <summary>Whom checks may bother with requests: this machine, and hosts that somebody named for it.</summary>
internal static class CheckedUrl
{
    /// <param name="hosts">Hosts that may be asked too.</param>
    /// <exception cref="ProblemException">It is no address, or nobody said that it may be asked.</exception>
    public static Uri Read(string text, IReadOnlyList<string> hosts)
    {
        var url = Parse(text);
        return IsHere(url) || hosts.Contains(url.IdnHost, StringComparer.OrdinalIgnoreCase)
            ? url
            : throw new ProblemException(
                new Problem(
                    "check.host",
                    What: $"Nobody said that {url.IdnHost} may be asked.",
                    Why: "Many requests, or unusual ones, can harm a service. Only this machine is asked without being told.",
                    Fix: $"When the service is yours: --host {url.IdnHost}, or hosts: [{url.IdnHost}] in {ChecksFile.Name}"
                )
                {
                    Trouble = Trouble.NotAllowed,
                }
            );
    }

    /// <summary>An address, whoever may be asked.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public static Uri Parse(string text)
    {
        var whole = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        if (
            !Uri.TryCreate(whole, UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https")
            || url.UserInfo.Length > 0
            || IsWord(text)
        )
        {
            throw new ProblemException(
                new Problem(
                    "check.url",
                    What: $"'{text}' is no address of a service.",
                    Why: IsWord(text)
                        ? "It is one word. A host's name alone is taken when it is localhost, has a dot, or a port is said."
                        : "It takes an address that begins with http:// or https://, without a user's name.",
                    Fix: "Write for example: http://127.0.0.1:8080/"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        return url;
    }

    // A slip of the pen more often than a host: 'nonsense' instead of an address.
    private static bool IsWord(string text) =>
        text is not ("" or "localhost")
        && text.All(static letter => char.IsLetterOrDigit(letter) || letter is '-' or '_');

    // Names below localhost lead here by RFC 6761, whatever a resolver says.
    private static bool IsHere(Uri url) =>
        url.IdnHost is "localhost"
        || url.IdnHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(url.IdnHost, out var address) && IPAddress.IsLoopback(address));
}
