using System.IO.Compression;
using System.Security.Cryptography;

namespace Fairlead.Roles.Edge.Vitals;

/// <summary>The script that pages load, as it is sent: plain and compressed once.</summary>
internal sealed class VitalsScript
{
    private const string CacheControl = "public, max-age=3600";

    private readonly byte[] plain;
    private readonly byte[] brotli;
    private readonly byte[] gzip;

    public VitalsScript()
    {
        using var script =
            typeof(VitalsScript).Assembly.GetManifestResourceStream("vitals.js")
            ?? throw new InvalidOperationException("The program lacks vitals.js.");
        using var bytes = new MemoryStream();
        script.CopyTo(bytes);
        plain = bytes.ToArray();
        brotli = Packed(to => new BrotliStream(to, CompressionLevel.SmallestSize));
        gzip = Packed(to => new GZipStream(to, CompressionLevel.SmallestSize));
        ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(plain).AsSpan(0, 8))}\"";
    }

    public string ETag { get; }

    /// <summary>As browsers get it that take gzip.</summary>
    public int GzipBytes => gzip.Length;

    public async Task WriteAsync(HttpContext http, CancellationToken stop)
    {
        var (request, response) = (http.Request, http.Response);
        response.Headers.CacheControl = CacheControl;
        response.Headers.ETag = ETag;
        response.Headers.Vary = "Accept-Encoding";
        if (request.Headers.IfNoneMatch == ETag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        var accepted = request.Headers.AcceptEncoding.ToString();
        var (encoding, bytes) =
            Accepts(accepted, "br") ? ("br", brotli)
            : Accepts(accepted, "gzip") ? ("gzip", gzip)
            : (null, plain);
        response.Headers.ContentEncoding = encoding;
        response.ContentType = "text/javascript; charset=utf-8";
        response.ContentLength = bytes.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsHead(request.Method))
        {
            await response.Body.WriteAsync(bytes, stop);
        }
    }

    // Weights matter where two are alike; of these, who sends one at all and not with q=0 takes it.
    private static bool Accepts(string accepted, string encoding) =>
        accepted
            .Split(',', StringSplitOptions.TrimEntries)
            .Any(one =>
                one.Split(';')[0].Trim().Equals(encoding, StringComparison.OrdinalIgnoreCase)
                && !one.Replace(" ", "", StringComparison.Ordinal).EndsWith("q=0", StringComparison.Ordinal)
            );

    private byte[] Packed(Func<Stream, Stream> packer)
    {
        using var packed = new MemoryStream();
        using (var stream = packer(packed))
        {
            stream.Write(plain);
        }
        return packed.ToArray();
    }
}
