using System.Text.Json.Serialization;

namespace Fairlead.Model.Apps;

/// <summary>How a service of files alone is served.</summary>
public sealed record WebSettings
{
    /// <summary>Paths that no file answers show <c>/index.html</c>, when a person goes there.</summary>
    public bool IsSpa { get; init; }

    /// <summary>
    /// True leads from <c>/about.html</c> to <c>/about</c>, false knows <c>/about.html</c> alone; null shows the page at both, unless the
    /// site's own <c>vercel.json</c> decides.
    /// </summary>
    public bool? HasCleanUrls { get; init; }

    /// <summary>Null when the site's own <c>vercel.json</c> decides, and else <see cref="Apps.TrailingSlash.Keep"/>.</summary>
    public TrailingSlash? TrailingSlash { get; init; }

    public SourceMaps SourceMaps { get; init; }

    /// <summary>How long a page that was loaded from an earlier release keeps getting that release's assets; zero for not at all.</summary>
    public TimeSpan Skew { get; init; } = TimeSpan.FromDays(1);

    /// <summary>A build with warnings about its output fails.</summary>
    public bool IsStrict { get; init; }

    /// <summary>How large the build's output may be.</summary>
    public SizeBudget? Budget { get; init; }
}

/// <summary>Bytes that a build's output may have at most; null is no limit. Text counts as it is sent, compressed with gzip.</summary>
public sealed record SizeBudget
{
    /// <summary>Of all files, as they are on the disk.</summary>
    public long? Total { get; init; }

    /// <summary>Of all scripts.</summary>
    public long? Js { get; init; }

    /// <summary>Of all style sheets.</summary>
    public long? Css { get; init; }

    /// <summary>Of all images, as they are on the disk.</summary>
    public long? Image { get; init; }

    /// <summary>Of the largest page.</summary>
    public long? Html { get; init; }
}

/// <summary>Which of <c>/about</c> and <c>/about/</c> is a page's own address; the other leads there.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TrailingSlash>))]
public enum TrailingSlash
{
    /// <summary>As the file lies: folders with a slash, pages without.</summary>
    Keep,
    Add,
    Remove,
}

/// <summary>Whether source maps may be seen.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SourceMaps>))]
public enum SourceMaps
{
    Hide,
    Keep,
}
