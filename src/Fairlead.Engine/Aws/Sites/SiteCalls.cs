using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws.Sites;

/// <summary>What S3 and CloudFront (its REST API of 2020-05-31) are asked. Pure.</summary>
internal static class SiteCalls
{
    private const string Front = "/2020-05-31/distribution";

    /// <summary>In names of keys of a request to remove several.</summary>
    public const int KeysMax = 1_000;

    private static readonly XNamespace Namespace = "http://cloudfront.amazonaws.com/doc/2020-05-31/";

    /// <summary>The folder that a part's files are in, without slashes around it.</summary>
    public static string FolderOf(AwsBucket bucket, Part part) =>
        string.Create(CultureInfo.InvariantCulture, $"{bucket.Folder}/releases/{part.Since}");

    /// <summary>Lists a part's files; it is written last, so a part that has it is complete.</summary>
    public static string ListOf(AwsBucket bucket, Part part) => $"{FolderOf(bucket, part)}.json";

    /// <summary>Says whose folder it is, and who is in charge.</summary>
    public static string ChargeOf(AwsBucket bucket) => $"{bucket.Folder}/fairlead.json";

    /// <summary>Where nothing is, and a distribution leads when nobody shall see anything.</summary>
    public static string NowhereOf(AwsBucket bucket) => $"{bucket.Folder}/releases/none";

    public static AwsCall Get(AwsBucket bucket, string key) => Object(bucket, "GetObject", "GET", key);

    public static AwsCall Put(AwsBucket bucket, string key, byte[] body, (string Type, string Cache) of) =>
        Object(bucket, "PutObject", "PUT", key) with
        {
            Headers = new Dictionary<string, string> { ["Cache-Control"] = of.Cache },
            ContentType = of.Type,
            Body = body,
        };

    public static AwsCall PutJson(AwsBucket bucket, string key, object content) =>
        Put(
            bucket,
            key,
            JsonSerializer.SerializeToUtf8Bytes(content, content.GetType(), Records.Json),
            ("application/json", "no-store")
        );

    public static AwsCall Copy(AwsBucket bucket, string from, string key) =>
        Object(bucket, "CopyObject", "PUT", key) with
        {
            Headers = new Dictionary<string, string>
            {
                ["x-amz-copy-source"] = $"/{bucket.Name}/{AwsRest.Path(from)}",
                ["x-amz-metadata-directive"] = "COPY",
            },
        };

    /// <param name="next">As the page before said it; null for the first.</param>
    public static AwsCall List(AwsBucket bucket, string prefix, string? next = null, char? delimiter = null) =>
        new("s3", "ListBucket", "GET", $"/?{Sorted(prefix, next, delimiter)}") { Bucket = bucket.Name };

    public static AwsCall Remove(AwsBucket bucket, IReadOnlyList<string> keys)
    {
        var body = new XElement(
            "Delete",
            keys.Select(static key => new XElement("Object", new XElement("Key", key))),
            new XElement("Quiet", "true")
        ).ToString(SaveOptions.DisableFormatting);
        var bytes = Encoding.UTF8.GetBytes(body);
        return new("s3", "DeleteObject", "POST", "/?delete=")
        {
            Bucket = bucket.Name,
            Headers = new Dictionary<string, string>
            {
                ["x-amz-checksum-sha256"] = Convert.ToBase64String(SHA256.HashData(bytes)),
                ["x-amz-sdk-checksum-algorithm"] = "SHA256",
            },
            ContentType = "application/xml",
            Body = bytes,
        };
    }

    public static AwsCall Config(string distribution) =>
        new("cloudfront", "GetDistributionConfig", "GET", $"{Front}/{distribution}/config") { IsGlobal = true };

    public static AwsCall Distributions(string? marker) =>
        new(
            "cloudfront",
            "ListDistributions",
            "GET",
            $"{Front}?{(marker is null ? "" : $"Marker={Uri.EscapeDataString(marker)}&")}MaxItems=100"
        )
        {
            IsGlobal = true,
        };

    /// <param name="version">Only if it is still this one.</param>
    public static AwsCall Update(string distribution, XElement config, string version) =>
        new("cloudfront", "UpdateDistribution", "PUT", $"{Front}/{distribution}/config")
        {
            IsGlobal = true,
            Headers = new Dictionary<string, string> { ["If-Match"] = version },
            ContentType = "application/xml",
            Body = Encoding.UTF8.GetBytes(config.ToString(SaveOptions.DisableFormatting)),
        };

    /// <param name="reference">The same means the same invalidation, however often it is asked for.</param>
    public static AwsCall Invalidate(string distribution, IReadOnlyList<string> paths, string reference)
    {
        var body = new XElement(
            Namespace + "InvalidationBatch",
            new XElement(
                Namespace + "Paths",
                new XElement(Namespace + "Quantity", paths.Count),
                new XElement(Namespace + "Items", paths.Select(static one => new XElement(Namespace + "Path", one)))
            ),
            new XElement(Namespace + "CallerReference", reference)
        );
        return new("cloudfront", "CreateInvalidation", "POST", $"{Front}/{distribution}/invalidation")
        {
            IsGlobal = true,
            ContentType = "application/xml",
            Body = Encoding.UTF8.GetBytes(body.ToString(SaveOptions.DisableFormatting)),
        };
    }

    private static AwsCall Object(AwsBucket bucket, string action, string method, string key) =>
        new("s3", action, method, $"/{AwsRest.Path(key)}") { Bucket = bucket.Name };

    // Signatures want a query sorted by name.
    private static string Sorted(string prefix, string? next, char? delimiter) =>
        string.Join(
            '&',
            new (string Name, string? Value)[]
            {
                ("continuation-token", next),
                ("delimiter", delimiter?.ToString()),
                ("list-type", "2"),
                ("max-keys", AwsRest.Text(KeysMax)),
                ("prefix", prefix),
            }
                .Where(static one => one.Value is not null)
                .Select(static one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}")
        );
}
