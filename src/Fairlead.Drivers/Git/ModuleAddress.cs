using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Git;

/// <summary>
/// Where a submodule is. Whoever pushes writes its address, so it is followed only to the source's own host, in the source's own way, and to hosts that were named for the
/// source; never to a folder of this machine, and by no other program.
/// </summary>
internal static class ModuleAddress
{
    private const int LettersMax = 2_000;

    /// <summary>Reads <c>git config --blob COMMIT:.gitmodules -z --list</c>: addresses by paths. What says something twice says the last.</summary>
    public static IReadOnlyDictionary<string, string> Read(string output)
    {
        var (paths, urls) = (
            new Dictionary<string, string>(StringComparer.Ordinal),
            new Dictionary<string, string>(StringComparer.Ordinal)
        );
        foreach (var line in output.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var end = line.IndexOf('\n', StringComparison.Ordinal);
            var (key, value) = end < 0 ? (line, "") : (line[..end], line[(end + 1)..]);
            if (!key.StartsWith("submodule.", StringComparison.Ordinal))
            {
                continue;
            }
            if (key.EndsWith(".path", StringComparison.Ordinal))
            {
                paths[key[..^".path".Length]] = value;
            }
            else if (key.EndsWith(".url", StringComparison.Ordinal))
            {
                urls[key[..^".url".Length]] = value;
            }
        }
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, path) in paths)
        {
            if (urls.TryGetValue(name, out var url))
            {
                all[path] = url;
            }
        }
        return all;
    }

    /// <summary>The address that is asked, or why none is.</summary>
    /// <param name="url">As it is written.</param>
    /// <param name="parent">Of the repository that says it.</param>
    public static (string? Url, string Why) Of(string url, string parent, GitOrder order)
    {
        if (
            url.Length is 0 or > LettersMax
            || url.StartsWith('-')
            || url.Any(static one => char.IsControl(one) || one is ' ' or '\\')
        )
        {
            return (null, "it is no address");
        }
        var whole = Whole(url, parent);
        var home = new Uri(order.Url);
        if (!Uri.TryCreate(whole, UriKind.Absolute, out var read) || whole.Contains("::", StringComparison.Ordinal))
        {
            return (null, "it is no address");
        }
        if (read.Query.Length > 0 || read.Fragment.Length > 0 || read.UserInfo.Contains(':', StringComparison.Ordinal))
        {
            return (null, "it holds a login, a query or a fragment");
        }
        var isHome =
            string.Equals(read.IdnHost, home.IdnHost, StringComparison.OrdinalIgnoreCase) && read.IdnHost.Length > 0;
        // Its own host is asked as the source is: with the same token, whatever way whoever pushed is used to.
        if (isHome && read.Scheme == "ssh" && home.Scheme is "https" or "http")
        {
            read = new Uri($"{home.GetLeftPart(UriPartial.Authority)}{read.AbsolutePath}");
        }
        if (read.Scheme is not ("https" or "ssh") && !(read.Scheme == "http" && order.IsInside))
        {
            return (null, $"'{read.Scheme}' is no way to another repository");
        }
        if (
            read.Host.StartsWith('-')
            || read.UserInfo.StartsWith('-')
            || read.AbsolutePath.StartsWith("/-", StringComparison.Ordinal)
            || (read.Scheme is not "ssh" && read.UserInfo.Length > 0)
        )
        {
            return (null, "it is no address");
        }
        // A source by ssh leads to its host's public pages too; another port is another server.
        var isOwn = isHome && (IsSame(read, home) || read is { Scheme: "https", IsDefaultPort: true });
        if (!isOwn && !order.ModuleHosts.Contains(read.IdnHost, StringComparer.OrdinalIgnoreCase))
        {
            return (null, $"it leads to {read.GetLeftPart(UriPartial.Authority)}, which nobody named");
        }
        return (read.AbsoluteUri, "");
    }

    /// <summary>Whether the source's token may go there.</summary>
    public static bool IsSame(Uri one, Uri other) =>
        one.Scheme == other.Scheme
        && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase)
        && one.Port == other.Port;

    // As git reads them: './' and '../' from the address of the repository that says it, 'git@host:path' written out.
    private static string Whole(string url, string parent)
    {
        if (url.StartsWith("./", StringComparison.Ordinal) || url.StartsWith("../", StringComparison.Ordinal))
        {
            var from = parent.TrimEnd('/');
            while (true)
            {
                if (url.StartsWith("./", StringComparison.Ordinal))
                {
                    url = url[2..];
                }
                else if (url.StartsWith("../", StringComparison.Ordinal))
                {
                    url = url[3..];
                    var end = from.LastIndexOf('/');
                    // Above the host there is nothing.
                    if (end <= from.IndexOf("://", StringComparison.Ordinal) + 2)
                    {
                        return "";
                    }
                    from = from[..end];
                }
                else
                {
                    return $"{from}/{url}";
                }
            }
        }
        var at = url.IndexOf(':', StringComparison.Ordinal);
        return
            at > 0
            && !url.Contains("://", StringComparison.Ordinal)
            && url[..at].Contains('@', StringComparison.Ordinal)
            ? $"ssh://{url[..at]}/{url[(at + 1)..].TrimStart('/')}"
            : url;
    }
}
