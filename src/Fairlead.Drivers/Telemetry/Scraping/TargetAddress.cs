using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Telemetry.Scraping;

/// <summary>A target's address with its variables filled in. It may hold a password, so it is never shown.</summary>
public static class TargetAddress
{
    /// <summary>Fills <c>${NAME}</c> from the environment; what is filled into the part before the host needs no escapes.</summary>
    /// <exception cref="ProblemException">A variable is missing, or it is no address.</exception>
    public static Uri Complete(string url, Func<string, string?> variable)
    {
        var whole = url;
        for (var open = whole.IndexOf("${", StringComparison.Ordinal); open >= 0; )
        {
            var close = whole.IndexOf('}', open);
            if (close < 0)
            {
                break;
            }
            var name = whole[(open + 2)..close];
            var value = variable(name) ?? throw new ProblemException(ScrapeProblems.MissingVariable(name));
            var filled = Uri.EscapeDataString(value);
            whole = string.Concat(whole.AsSpan(0, open), filled, whole.AsSpan(close + 1));
            open = whole.IndexOf("${", open + filled.Length, StringComparison.Ordinal);
        }
        // Some hosts are taken by Uri once and not again, when the address is written anew without its password.
        return
            Uri.TryCreate(whole, UriKind.Absolute, out var address)
            && address.Host.Length > 0
            && Uri.CheckHostName(address.DnsSafeHost) is not UriHostNameType.Unknown
            ? address
            : throw new ProblemException(ScrapeProblems.NoAddress(url));
    }

    /// <summary>The name before the host, and the password behind it; empty where there is none.</summary>
    public static (string User, string Password) LoginOf(Uri address)
    {
        var parts = address.UserInfo.Split(':', 2);
        return (Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? ""));
    }
}
