using Fairlead.Model.Web;
using Microsoft.Extensions.Primitives;

namespace Fairlead.Roles.Edge.Files;

/// <summary>Answers requests from a service's files: rules that are forced, the file, an earlier release's asset, other rules, the site's own pages.</summary>
internal static class SiteDesk
{
    // Chromium and Firefox give up after twenty.
    private const int TurnsMax = 20;

    /// <param name="stop">Ends the wait for a folder that is still being looked through.</param>
    public static async Task ServeAsync(HttpContext http, LiveFiles files, LivePart part, CancellationToken stop)
    {
        var isRead = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        if (!isRead)
        {
            http.Response.Headers.Allow = "GET, HEAD";
            await Answers.WriteAsync(http, StatusCodes.Status405MethodNotAllowed, "These are files: read them.", stop);
            return;
        }
        if (files.Find(part.Part) is not { } release)
        {
            await Answers.WriteAsync(http, StatusCodes.Status404NotFound, "There is no such file.", stop);
            return;
        }
        var map = release.Folder.Map ?? await release.Folder.MapAsync(stop);
        var path = http.Request.Path.Value is { Length: > 0 } asked ? asked : "/";
        if (map.Rules.Forced.Count > 0 && await IsRuledAsync(http, (release, map), map.Rules.Forced, stop))
        {
            return;
        }
        if (
            files.HasOthers
            && !IsPreview(http, part)
            && files.Pinned(http.Request) is { } pin
            && pin != release
            && pin.Asset(path) is { } pinned
        )
        {
            http.Response.Headers[Trip.ReleaseHeader] = pin.Name;
            await ShowAsync(http, pinned, StatusCodes.Status200OK, stop);
            return;
        }
        if (map.Find(path) is { } shown)
        {
            await ShowAsync(http, release, shown, stop);
            return;
        }
        if (files.HasOthers && !IsPreview(http, part) && files.FindElsewhere(path, release) is var (other, kept))
        {
            http.Response.Headers[Trip.ReleaseHeader] = other.Name;
            await ShowAsync(http, kept, StatusCodes.Status200OK, stop);
            return;
        }
        await MissingAsync(http, release, map, stop);
    }

    private static async Task MissingAsync(HttpContext http, FileRelease release, SiteMap map, CancellationToken stop)
    {
        var path = http.Request.Path.Value ?? "/";
        if (!map.Files.IsWhole && await release.Folder.SearchAsync(map, path, stop) is { } late)
        {
            await ShowAsync(http, release, late, stop);
        }
        else if (map.Rules.Others.Count > 0 && await IsRuledAsync(http, (release, map), map.Rules.Others, stop))
        {
            // The rule has answered.
        }
        else if (map.Settings.IsSpa && IsNavigation(http.Request, path) && map.Find("/") is { File: { } page })
        {
            await ShowAsync(http, release, map.Show(page, path), stop);
        }
        else if (map.NotFound is { } notFound)
        {
            await ShowAsync(http, notFound, StatusCodes.Status404NotFound, stop);
        }
        else
        {
            await Answers.WriteAsync(http, StatusCodes.Status404NotFound, "There is no such file.", stop);
        }
    }

    private static async ValueTask<bool> IsRuledAsync(
        HttpContext http,
        (FileRelease Release, SiteMap Map) site,
        RedirectList rules,
        CancellationToken stop
    )
    {
        if (rules.Find(new Asked(http.Request)) is not var (rule, found))
        {
            return false;
        }
        if (rule.IsRedirect)
        {
            var location = rule.To.Expand(found);
            if (rule.To.IsLocal)
            {
                if (IsHere(http.Request, location) || IsEndless(http.Request, site.Map, rule, location))
                {
                    return false;
                }
                location = http.Request.PathBase.ToUriComponent() + location;
            }
            http.Response.StatusCode = rule.Status;
            http.Response.Headers.Location = rule.To.HasQuery ? location : location + http.Request.QueryString;
            return true;
        }
        // A rewrite looks at files alone, not at rules again, so it cannot go in circles.
        if (site.Map.Find(rule.To.ExpandPath(found)) is not { File: { } file })
        {
            return false;
        }
        var shown = site.Map.Show(file, http.Request.Path.Value ?? "/");
        await (
            rule.Status == StatusCodes.Status200OK
                ? ShowAsync(http, site.Release, shown, stop)
                : ShowAsync(http, shown, rule.Status, stop)
        );
        return true;
    }

    private static Task ShowAsync(HttpContext http, FileRelease release, Shown shown, CancellationToken stop)
    {
        if (shown.File is { IsPage: true } && release.Cookie is { } cookie)
        {
            var known = http.Request.Headers.Cookie;
            if (known.Count == 0 || !known.ToString().Contains(release.CookieValue, StringComparison.Ordinal))
            {
                http.Response.Headers.SetCookie = http.Request.IsHttps ? $"{cookie}; Secure" : cookie;
            }
        }
        return ShowAsync(http, shown, StatusCodes.Status200OK, stop);
    }

    private static Task ShowAsync(HttpContext http, Shown shown, int status, CancellationToken stop)
    {
        if (shown.File is { } file)
        {
            return FileAnswer.SendAsync(http, file, shown, status, stop);
        }
        http.Response.StatusCode = shown.Status;
        http.Response.Headers.Location = shown.Location + http.Request.QueryString;
        return Task.CompletedTask;
    }

    private static bool IsNavigation(HttpRequest request, string path) =>
        !path.AsSpan(path.LastIndexOf('/') + 1).Contains('.')
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static bool IsHere(HttpRequest request, string location)
    {
        var end = location.AsSpan().IndexOfAny("?#");
        var path = end < 0 ? location : location[..end];
        return Uri.UnescapeDataString(path) == request.Path.Value
            && (end < 0 || location[end..] == request.QueryString.Value);
    }

    // /a/* to /a/b/:splat leads on for ever, and so do two rules that lead to each other. Followed here as a browser would, because only
    // the path asked for and the files that are there can tell: who would be sent on so often is sent nowhere.
    private static bool IsEndless(HttpRequest request, SiteMap map, RedirectRule rule, string location)
    {
        for (var turn = 0; turn < TurnsMax; turn++)
        {
            if (rule.To.HasQuery)
            {
                return false; // What stands there may end it.
            }
            var end = location.IndexOf('#', StringComparison.Ordinal);
            var path = Uri.UnescapeDataString(end < 0 ? location : location[..end]);
            var asked = new Asked(request, path);
            var next = map.Rules.Forced.Find(asked) ?? (map.Find(path) is null ? map.Rules.Others.Find(asked) : null);
            if (next is not var (following, found) || following is not { IsRedirect: true, To.IsLocal: true })
            {
                return false;
            }
            (rule, location) = (following, following.To.Expand(found));
        }
        return true;
    }

    // A preview shows one release alone, so that what is missing there is seen to be missing.
    private static bool IsPreview(HttpContext http, LivePart part) =>
        part.PreviewHost is { } preview && http.Request.Host.Host.Equals(preview, StringComparison.OrdinalIgnoreCase);

    /// <summary>A request as rules look at it.</summary>
    /// <param name="path">Another path than its own; null for that.</param>
    private sealed class Asked(HttpRequest request, string? path = null) : IAsked
    {
        public string Path => path ?? (request.Path.Value is { Length: > 0 } own ? own : "/");

        public string Host => request.Host.Host;

        public string? Header(string name) => Text(request.Headers[name]);

        public string? Cookie(string name) => request.Cookies[name];

        public string? Query(string name) => Text(request.Query[name]);

        private static string? Text(StringValues values) => values.Count == 0 ? null : values.ToString();
    }
}
