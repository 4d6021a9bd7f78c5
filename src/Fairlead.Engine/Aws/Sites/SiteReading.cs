using System.Globalization;
using System.Xml.Linq;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws.Sites;

/// <summary>Whose folder of a bucket it is, and who is in charge of it.</summary>
internal sealed record SiteCharge(string App, string Environment, string Service, string Owner, long Fence);

/// <summary>Which files a part has.</summary>
/// <param name="Files">SHA-256 in hex by path.</param>
/// <param name="Earlier">Those that only pages of earlier parts ask for.</param>
internal sealed record SiteList(
    string Artifact,
    IReadOnlyDictionary<string, string> Files,
    IReadOnlyList<string> Earlier
);

/// <summary>A distribution's settings, as CloudFront has them.</summary>
/// <param name="Version">Of these settings.</param>
internal sealed record SiteFront(string Id, XElement Config, string Version);

/// <summary>Reads what S3 and CloudFront say, and changes settings as they have to be. Pure.</summary>
internal static class SiteReading
{
    private const int PathsMax = 30;

    /// <summary>The parts whose lists are among keys; newest last.</summary>
    public static IReadOnlyList<Part> Parts(IEnumerable<string> keys, AwsSpot spot)
    {
        var before = $"{spot.Place.Bucket!.Folder}/releases/"; // Such are read here.
        return
        [
            .. keys.Where(key => key.StartsWith(before, StringComparison.Ordinal))
                .Select(key => key[before.Length..])
                .Where(static name => name.EndsWith(".json", StringComparison.Ordinal))
                .Select(static name =>
                    int.TryParse(name[..^5], NumberStyles.None, CultureInfo.InvariantCulture, out var since) ? since : 0
                )
                .Where(static since => since > 0)
                .Order()
                .Select(since => new Part(spot.Service, since)),
        ];
    }

    /// <summary>Which part a distribution shows; null when it is none of this folder.</summary>
    public static Part? Shown(XElement config, AwsSpot spot) =>
        OriginOf(config, spot.Place.Bucket!)?.Child("OriginPath")?.Value.Trim('/') is { } path
        && path.StartsWith($"{spot.Place.Bucket!.Folder}/releases/", StringComparison.Ordinal)
        && int.TryParse(path.Split('/')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var since)
            ? new(spot.Service, since)
            : null;

    /// <summary>The same settings, with all that comes from the bucket coming from this folder.</summary>
    /// <exception cref="ProblemException">Nothing of it comes from the bucket.</exception>
    public static XElement Showing(XElement config, AwsBucket bucket, string folder)
    {
        var changed = new XElement(config);
        var origin =
            OriginOf(changed, bucket)
            ?? throw new ProblemException(
                AwsProblems.NotThere(
                    $"origin {bucket.Name} of the distribution {bucket.Distribution}",
                    $"Add an origin {bucket.Name}.s3.REGION.amazonaws.com to the distribution, with an origin access control."
                )
            );
        var path = origin.Child("OriginPath");
        if (path is null)
        {
            path = new XElement(origin.Name.Namespace + "OriginPath");
            origin.Add(path);
        }
        path.Value = $"/{folder}";
        return changed;
    }

    /// <summary>The distribution of a list that answers one of these hosts; null when none does.</summary>
    public static string? WithHost(XElement list, IReadOnlyList<string> hosts) =>
        list.Descendants()
            .Where(static one => one.Name.LocalName == "DistributionSummary")
            .FirstOrDefault(one =>
                (one.Child("Aliases") ?? new XElement("none"))
                    .Descendants()
                    .Any(name =>
                        name.Name.LocalName == "CNAME" && hosts.Contains(name.Value, StringComparer.OrdinalIgnoreCase)
                    )
            )
            ?.Child("Id")
            ?.Value;

    /// <summary>
    /// What visitors must not get from CloudFront's memory after another part is shown: pages, at each address that they have. All else
    /// has another name when it is another content, or is asked for anew each time.
    /// </summary>
    public static IReadOnlyList<string> Stale(IEnumerable<string> files)
    {
        string[] pages =
        [
            .. files
                .Where(static one => one.EndsWith(".html", StringComparison.OrdinalIgnoreCase))
                .Select(static one => $"/{AwsRest.Path(one)}")
                .SelectMany(static one =>
                    one.EndsWith("/index.html", StringComparison.Ordinal) ? [one, one[..^"index.html".Length]]
                    : one.EndsWith(".html", StringComparison.Ordinal) ? [one, one[..^".html".Length]]
                    : new[] { one }
                )
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
        // Each path costs, one with a star costs as much as one without.
        return pages.Length > PathsMax ? ["/*"] : pages;
    }

    public static IReadOnlyList<string> Keys(XElement list) =>
        [
            .. list.Descendants()
                .Where(static one => one.Name.LocalName == "Contents")
                .Select(static one => one.Child("Key")?.Value)
                .OfType<string>(),
        ];

    public static AwsSight Sight(AwsSpot spot, IReadOnlyList<Part> parts, Part? shown, Uri bucket) =>
        new(
            [
                .. parts.Select(part => new Instance
                {
                    Key = new(spot.Site, part, 0),
                    State = InstanceState.Ready,
                    Endpoint = new(
                        $"{bucket.AbsoluteUri.TrimEnd('/')}/{SiteCalls.FolderOf(spot.Place.Bucket!, part)}/"
                    ),
                }),
            ],
            shown is not null && parts.Contains(shown) ? [(shown, Share.All)] : [],
            Since: null
        );

    // shop-web.s3.eu-central-1.amazonaws.com, shop-web.s3.amazonaws.com
    private static XElement? OriginOf(XElement config, AwsBucket bucket) =>
        config
            .Descendants()
            .Where(static one => one.Name.LocalName == "Origin")
            .FirstOrDefault(one =>
                one.Child("DomainName")?.Value is { } host
                && host.StartsWith($"{bucket.Name}.s3", StringComparison.OrdinalIgnoreCase)
            );
}
