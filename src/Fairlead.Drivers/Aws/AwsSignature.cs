using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fairlead.Drivers.Aws;

/// <summary>Signs requests to AWS (Signature Version 4).</summary>
/// <param name="region">Such as <c>us-east-1</c>.</param>
/// <param name="service">Such as <c>route53</c>.</param>
internal sealed class AwsSignature(AwsKeys keys, string region, string service)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string Objects = "s3";

    /// <summary>SHA-256 of no bytes, as a body that is not there is signed.</summary>
    public static readonly string Empty = Hash([]);

    public void Sign(HttpRequestMessage request, byte[] body, DateTimeOffset now) => Sign(request, Hash(body), now);

    /// <param name="digest">SHA-256 of the body, 64 hex digits, so that one need not be held in memory.</param>
    public void Sign(HttpRequestMessage request, string digest, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        request.Headers.Add("X-Amz-Date", time);
        if (service == Objects)
        {
            request.Headers.Add("X-Amz-Content-Sha256", digest);
        }
        if (keys.SessionToken is { } token)
        {
            request.Headers.Add("X-Amz-Security-Token", token);
        }
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = request.RequestUri!.Authority,
        };
        foreach (var (name, values) in request.Headers)
        {
            if (name.StartsWith("X-Amz-", StringComparison.OrdinalIgnoreCase) || name is "Range" or "Date")
            {
                headers[name.ToLowerInvariant()] = string.Join(',', values);
            }
        }
        var names = string.Join(';', headers.Keys);
        var scope = $"{time[..8]}/{region}/{service}/aws4_request";
        var signed =
            $"{Algorithm}\n{time}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(Canonical(request, headers, names, digest)))}";
        var signature = Convert.ToHexStringLower(Hmac(Key(time[..8]), signed));
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"{Algorithm} Credential={keys.AccessKeyId}/{scope}, SignedHeaders={names}, Signature={signature}"
        );
    }

    private string Canonical(
        HttpRequestMessage request,
        SortedDictionary<string, string> headers,
        string names,
        string digest
    )
    {
        var lines = string.Concat(headers.Select(header => $"{header.Key}:{header.Value}\n"));
        var address = request.RequestUri!;
        return $"{request.Method}\n{PathOf(address)}\n{Query(address)}\n{lines}\n{names}\n{digest}";
    }

    // All services but S3 escape once more what is escaped already.
    private string PathOf(Uri address) =>
        service == Objects
            ? address.AbsolutePath
            : string.Join('/', address.AbsolutePath.Split('/').Select(Uri.EscapeDataString));

    // Sorted by name; names and values are escaped already, since the address was built that way.
    private static string Query(Uri address) =>
        string.Join(
            '&',
            address
                .Query.TrimStart('?')
                .Split('&')
                .Select(static one => one.Length == 0 || one.Contains('=', StringComparison.Ordinal) ? one : one + "=")
                .Order(StringComparer.Ordinal)
        );

    private byte[] Key(string date)
    {
        var key = Hmac(Encoding.UTF8.GetBytes($"AWS4{keys.SecretAccessKey}"), date);
        return Hmac(Hmac(Hmac(key, region), service), "aws4_request");
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
