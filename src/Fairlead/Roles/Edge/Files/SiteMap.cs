using Fairlead.Model.Apps;
using Fairlead.Model.Web;
using Microsoft.Extensions.Primitives;

namespace Fairlead.Roles.Edge.Files;

/// <summary>
/// Which path shows which file: clean addresses, folders' pages and slashes are decided once, so that a request is one look
/// into a dictionary.
/// </summary>
internal sealed class SiteMap
{
    private const string Html = ".html";
    private const string Index = "/index.html";

    private readonly Dictionary<string, Shown> shown = new(StringComparer.Ordinal);
    private readonly bool? hasCleanUrls;
    private readonly TrailingSlash slash;

    private SiteMap(SiteFiles files, WebSettings settings)
    {
        (Files, Settings) = (files, settings);
        hasCleanUrls = settings.HasCleanUrls ?? files.Rules.HasCleanUrls;
        slash = settings.TrailingSlash ?? files.Rules.TrailingSlash ?? TrailingSlash.Keep;
    }

    public SiteFiles Files { get; }

    public WebSettings Settings { get; }

    public SiteRules Rules => Files.Rules;

    /// <summary>The site's own page for what is missing.</summary>
    public Shown? NotFound => Find("/404.html") is { File: not null } page ? page : null;

    public static SiteMap Build(SiteFiles files, WebSettings settings)
    {
        var map = new SiteMap(files, settings);
        SiteFile[] visible = [.. files.ByName.Values.Where(map.IsVisible)];
        // What is nearer to the file's own name wins: the file, a folder's page, a page without its ending, a way there.
        foreach (var file in visible)
        {
            map.ShowFile(file);
        }
        foreach (var file in visible.Where(IsIndex))
        {
            map.ShowFolder(file);
        }
        foreach (var file in visible.Where(file => IsCleanable(file)))
        {
            map.ShowClean(file);
        }
        foreach (var file in visible)
        {
            map.Lead(file);
        }
        return map;
    }

    public Shown? Find(string path) => shown.GetValueOrDefault(path);

    /// <summary>Answers with a file at another path than its own.</summary>
    public Shown Show(SiteFile file, string path)
    {
        var lines = Rules.HeadersOf(path);
        var cache = lines.FirstOrDefault(one => one.Name.Equals("Cache-Control", StringComparison.OrdinalIgnoreCase));
        return new Shown(file)
        {
            Headers = [.. lines.Where(one => one != cache).Select(one => (one.Name, new StringValues(one.Value)))],
            CacheControl = cache is null ? file.CacheControl : cache.Value,
        };
    }

    /// <summary>Whether a file is meant to be seen at all.</summary>
    public bool IsVisible(SiteFile file) =>
        Settings.SourceMaps == SourceMaps.Keep || !file.Name.EndsWith(".map", StringComparison.OrdinalIgnoreCase);

    private void ShowFile(SiteFile file)
    {
        var isMoved = hasCleanUrls == true && (IsIndex(file) || IsCleanable(file));
        if (!isMoved)
        {
            shown[file.Name] = Show(file, file.Name);
        }
        else if (IsIndex(file))
        {
            var folder = file.Name[..^Index.Length];
            shown[file.Name] = new(slash == TrailingSlash.Remove && folder.Length > 0 ? $"../{Last(folder)}" : "./");
        }
        else
        {
            shown[file.Name] = new($"./{Last(file.Name[..^Html.Length])}{(slash == TrailingSlash.Add ? "/" : "")}");
        }
    }

    private void ShowFolder(SiteFile file)
    {
        var folder = file.Name[..^Index.Length];
        var path = folder.Length == 0 || slash != TrailingSlash.Remove ? folder + "/" : folder;
        shown.TryAdd(path, Show(file, path));
    }

    private void ShowClean(SiteFile file)
    {
        if (hasCleanUrls != false)
        {
            var path = file.Name[..^Html.Length] + (slash == TrailingSlash.Add ? "/" : "");
            shown.TryAdd(path, Show(file, path));
        }
    }

    // The other one of /about and /about/. Relative, because only the client knows the scheme and host it came by.
    private void Lead(SiteFile file)
    {
        var isFolder = IsIndex(file);
        if (!isFolder && (!IsCleanable(file) || hasCleanUrls == false))
        {
            return;
        }
        var path = isFolder ? file.Name[..^Index.Length] : file.Name[..^Html.Length];
        if (path.Length == 0)
        {
            return;
        }
        var hasSlash = slash == TrailingSlash.Add || (isFolder && slash == TrailingSlash.Keep);
        var isKept = slash != TrailingSlash.Keep;
        shown.TryAdd(
            hasSlash ? path : path + "/",
            new(
                hasSlash ? $"./{Last(path)}/" : $"../{Last(path)}",
                isKept ? StatusCodes.Status308PermanentRedirect : StatusCodes.Status307TemporaryRedirect
            )
        );
    }

    private static bool IsIndex(SiteFile file) => file.Name.EndsWith(Index, StringComparison.Ordinal);

    private static bool IsCleanable(SiteFile file) =>
        file.Name.EndsWith(Html, StringComparison.Ordinal)
        && !IsIndex(file)
        && file.Name != "/404.html"
        && !file.Name.EndsWith("/.html", StringComparison.Ordinal);

    private static string Last(string path) => Uri.EscapeDataString(path[(path.LastIndexOf('/') + 1)..]);
}

/// <summary>What a path shows: a file, or the way to another path.</summary>
internal sealed class Shown
{
    public Shown(SiteFile file) => File = file;

    public Shown(string location, int status = StatusCodes.Status308PermanentRedirect) =>
        (Location, Status) = (location, status);

    public SiteFile? File { get; }

    /// <summary>Relative to the path asked for.</summary>
    public string? Location { get; }

    public int Status { get; } = StatusCodes.Status200OK;

    public StringValues CacheControl { get; init; }

    /// <summary>What the site's own rules add.</summary>
    public (string Name, StringValues Value)[] Headers { get; init; } = [];
}
