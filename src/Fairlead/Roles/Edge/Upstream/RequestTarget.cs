namespace Fairlead.Roles.Edge.Upstream;

/// <summary>What a request asks for, in the form that goes to the app: byte by byte what the client sent, dot segments resolved.</summary>
internal static class RequestTarget
{
    /// <summary>
    /// The target in origin form. Dot segments are resolved here as routing resolved them, also in their encoded forms, so that
    /// an app cannot be led to a path that the edge did not see.
    /// </summary>
    /// <param name="raw">As it stood in the request: <c>/a?b</c>, <c>http://host/a?b</c> or <c>*</c>.</param>
    public static string Of(string raw)
    {
        var target = raw.StartsWith('/') || raw is "*" ? raw : AfterAuthority(raw);
        var query = target.IndexOf('?');
        var path = query < 0 ? target.AsSpan() : target.AsSpan(0, query);
        return HasDots(path) ? Resolve(path) + target[path.Length..] : target;
    }

    /// <summary>The target without its first segment, which named the service.</summary>
    public static string WithoutFirst(string target)
    {
        var query = target.IndexOf('?');
        var slash = target.IndexOf('/', 1);
        if (slash < 0 || (query >= 0 && query < slash))
        {
            return query < 0 ? "/" : $"/{target[query..]}";
        }
        return target[slash..];
    }

    /// <summary>Whether a segment is dots with something behind that some apps take for a parameter: <c>/public/..;/admin</c>.</summary>
    public static bool HasDisguisedDots(string target)
    {
        var query = target.IndexOf('?');
        var path = query < 0 ? target.AsSpan() : target.AsSpan(0, query);
        if (!path.Contains(';') && !path.Contains("%3b", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
        foreach (var range in path.Split('/'))
        {
            var segment = path[range];
            var end = segment.IndexOf(';');
            var encoded = segment.IndexOf("%3b", StringComparison.OrdinalIgnoreCase);
            end = end < 0 || (encoded >= 0 && encoded < end) ? encoded : end;
            if (end > 0 && Dots(segment[..end]) > 0)
            {
                return true;
            }
        }
        return false;
    }

    private static string AfterAuthority(string raw)
    {
        var scheme = raw.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return "/";
        }
        var rest = raw.AsSpan(scheme + 3);
        var path = rest.IndexOfAny('/', '?');
        return path < 0 ? "/"
            : rest[path] == '/' ? rest[path..].ToString()
            : $"/{rest[path..]}";
    }

    private static bool HasDots(ReadOnlySpan<char> path)
    {
        if (
            !path.Contains("/.", StringComparison.Ordinal) && !path.Contains("/%2e", StringComparison.OrdinalIgnoreCase)
        )
        {
            return false;
        }
        foreach (var range in path.Split('/'))
        {
            if (Dots(path[range]) > 0)
            {
                return true;
            }
        }
        return false;
    }

    private static string Resolve(ReadOnlySpan<char> path)
    {
        var kept = new List<string>();
        var endsInFolder = false;
        foreach (var range in path[1..].Split('/'))
        {
            var segment = path[1..][range];
            var dots = Dots(segment);
            endsInFolder = dots > 0;
            if (dots == 0)
            {
                kept.Add(segment.ToString());
            }
            else if (dots == 2 && kept.Count > 0)
            {
                kept.RemoveAt(kept.Count - 1);
            }
        }
        var resolved = "/" + string.Join('/', kept);
        return endsInFolder && !resolved.EndsWith('/') ? resolved + "/" : resolved;
    }

    /// <summary>1 for <c>.</c>, 2 for <c>..</c>, in any encoding; else 0.</summary>
    private static int Dots(ReadOnlySpan<char> segment)
    {
        var dots = 0;
        while (!segment.IsEmpty)
        {
            var length =
                segment[0] == '.' ? 1
                : segment.StartsWith("%2e", StringComparison.OrdinalIgnoreCase) ? 3
                : 0;
            if (length == 0 || ++dots > 2)
            {
                return 0;
            }
            segment = segment[length..];
        }
        return dots;
    }
}
