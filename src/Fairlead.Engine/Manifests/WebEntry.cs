using System.ComponentModel;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests;

/// <summary>How a service of files alone is served, as the manifest says it.</summary>
[Description("How a service that is only files is served.")]
public sealed record WebEntry
{
    [Description(
        "True when one page draws all paths: where no file is, a person who goes there gets /index.html; false when left out."
    )]
    [Elsewhere("singlePage", "single_page", "fallback", "historyApiFallback")]
    public bool? Spa { get; init; }

    [Description(
        "True leads from /about.html to /about, false knows /about.html alone; both show the page when left out."
    )]
    [Elsewhere("prettyUrls", "cleanurls", "clean-urls")]
    public bool? CleanUrls { get; init; }

    [Description(
        "Whether pages are at /about/ (add) or /about (remove); 'keep', folders with a slash and pages without, when left out."
    )]
    [Elsewhere("trailing-slash", "trailingslash")]
    public TrailingSlash? TrailingSlash { get; init; }

    [Description("Whether source maps may be seen: 'hide', when left out, or 'keep'.")]
    [Elsewhere("sourcemaps", "source-maps", "maps")]
    public SourceMaps? SourceMaps { get; init; }

    [Description(
        "How long a page that was loaded from an earlier release keeps getting that release's assets; 1d when left out, 0s for not at all."
    )]
    [Elsewhere("skewProtection", "skew-protection")]
    public TimeSpan? Skew { get; init; }

    [Description(
        "True when warnings about the build's output (missing files, rules that do not hold, files like .env) fail the build."
    )]
    public bool? Strict { get; init; }

    [Description("How large the build's output may be; beyond it the build fails.")]
    [Elsewhere("budgets", "sizes", "performanceBudget")]
    public BudgetEntry? Budget { get; init; }

    internal WebSettings Settings =>
        new()
        {
            IsSpa = Spa ?? false,
            HasCleanUrls = CleanUrls,
            TrailingSlash = TrailingSlash,
            SourceMaps = SourceMaps ?? Model.Apps.SourceMaps.Hide,
            Skew = Skew ?? new WebSettings().Skew,
            IsStrict = Strict ?? false,
            Budget = Budget?.Sizes,
        };
}

/// <summary>How large a build's output may be, as the manifest says it.</summary>
[Description("How large the build's output may be. Scripts, styles and pages count compressed with gzip.")]
public sealed record BudgetEntry
{
    [Description("All files together, as they are on the disk.")]
    public ByteSize? Total { get; init; }

    [Description("All scripts together.")]
    [Elsewhere("javascript", "scripts")]
    public ByteSize? Js { get; init; }

    [Description("All style sheets together.")]
    [Elsewhere("styles")]
    public ByteSize? Css { get; init; }

    [Description("All images together, as they are on the disk.")]
    [Elsewhere("images")]
    public ByteSize? Image { get; init; }

    [Description("The largest page.")]
    [Elsewhere("page")]
    public ByteSize? Html { get; init; }

    internal SizeBudget Sizes =>
        new()
        {
            Total = Total?.Bytes,
            Js = Js?.Bytes,
            Css = Css?.Bytes,
            Image = Image?.Bytes,
            Html = Html?.Bytes,
        };
}
