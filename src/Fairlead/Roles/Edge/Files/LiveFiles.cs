using System.Globalization;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;
using Microsoft.Extensions.Primitives;

namespace Fairlead.Roles.Edge.Files;

/// <summary>A service's releases of files in a table: those with traffic, and those whose pages may still be open somewhere.</summary>
internal sealed class LiveFiles
{
    /// <summary>Names the release that a program's request wants its assets from, such as <c>web@41</c>; pages say it with a cookie.</summary>
    public const string PinHeader = Trip.ReleaseHeader;

    private readonly Dictionary<Part, FileRelease> live;
    private readonly FileRelease[] all;
    private readonly TimeProvider clock;

    private LiveFiles(
        Dictionary<Part, FileRelease> live,
        FileRelease[] all,
        WebSettings settings,
        TimeProvider clock
    ) => (this.live, this.all, Settings, this.clock) = (live, all, settings, clock);

    public WebSettings Settings { get; }

    /// <summary>Whether there is any release besides the one that answers.</summary>
    public bool HasOthers => all.Length > 1;

    public required string CookieName { get; init; }

    /// <summary>Opens the folders of a service; null when programs answer.</summary>
    public static LiveFiles? Open(ServiceRouting service, Shelf shelf)
    {
        if (!service.Backends.Any(IsFiles))
        {
            return null;
        }
        var settings = service.Web ?? new WebSettings();
        var cookie = $"fairlead-{service.Service}";
        var serving = service
            .Backends.Where(IsFiles)
            .ToDictionary(
                one => one.Part,
                one => Release(one.Part, one.Destinations[0].Endpoint, DateTimeOffset.MaxValue)
            );
        var earlier = service
            .Earlier.Where(one => !serving.ContainsKey(one.Part))
            .Select(one => Release(one.Part, one.Folder, one.Until));
        // A release without share is only there to be looked at by its preview's host.
        var others = service
            .Backends.Where(one => IsFiles(one) && one.Share > Share.None)
            .Select(one => serving[one.Part]);
        return new LiveFiles(serving, [.. others.Concat(earlier)], settings, shelf.Clock) { CookieName = cookie };

        FileRelease Release(Part part, Uri folder, DateTimeOffset until)
        {
            var seconds = ((long)settings.Skew.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            var value = part.Since.ToString(CultureInfo.InvariantCulture);
            return new(part, shelf.Open(folder, settings), until)
            {
                Cookie =
                    settings.Skew > TimeSpan.Zero
                        ? $"{cookie}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax"
                        : null,
                CookieValue = $"{cookie}={value}",
            };
        }
    }

    /// <summary>Folders that a service's files are in.</summary>
    public static IEnumerable<Uri> FoldersOf(ServiceRouting service) =>
        service
            .Backends.SelectMany(one => one.Destinations)
            .Select(one => one.Endpoint)
            .Where(endpoint => endpoint.IsFile)
            .Concat(service.Earlier.Select(one => one.Folder));

    public FileRelease? Find(Part part) => live.GetValueOrDefault(part);

    /// <summary>The release that a request asks for by name; null when it asks for none, or for one that is over.</summary>
    public FileRelease? Pinned(HttpRequest request)
    {
        var named =
            request.Headers[PinHeader] is [{ } header] ? header
            : request.Query["dpl"] is [{ } query] ? query
            : null;
        var cookie = named is null && request.Headers.Cookie.Count > 0 ? request.Cookies[CookieName] : null;
        foreach (var one in all)
        {
            if ((named is not null && one.Name == named) || (cookie is not null && one.Since == cookie))
            {
                return IsOver(one) ? null : one;
            }
        }
        return null;
    }

    /// <summary>The newest other release that has an asset of this name whose content can be told by the name.</summary>
    public (FileRelease Release, Shown Shown)? FindElsewhere(string path, FileRelease answering)
    {
        if (!Fingerprint.IsIn(path[(path.LastIndexOf('/') + 1)..]))
        {
            return null;
        }
        foreach (var one in all)
        {
            if (one != answering && !IsOver(one) && one.Asset(path) is { } shown)
            {
                return (one, shown);
            }
        }
        return null;
    }

    private bool IsOver(FileRelease release) =>
        release.Until != DateTimeOffset.MaxValue && release.Until <= clock.GetUtcNow();

    private static bool IsFiles(Backend backend) => backend.Destinations is [{ Endpoint.IsFile: true }, ..];
}

/// <summary>A release of files.</summary>
/// <param name="Until">After this nobody is served from it any more.</param>
internal sealed record FileRelease(Part Part, StaticFolder Folder, DateTimeOffset Until)
{
    /// <summary>Such as <c>web@41</c>.</summary>
    public string Name { get; } = Part.ToString();

    public string Since { get; } = Part.Since.ToString(CultureInfo.InvariantCulture);

    /// <summary>What a page of it leaves with the browser; null for nothing.</summary>
    public StringValues? Cookie { get; init; }

    /// <summary>How a browser says it back.</summary>
    public required string CookieValue { get; init; }

    /// <summary>An asset of this release, never a page: pages are always those of the live release.</summary>
    public Shown? Asset(string path) => Folder.Map?.Find(path) is { File.IsAsset: true } shown ? shown : null;
}
