using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Fairlead.Faces.Dashboard;

/// <summary>
/// The files that pages need besides themselves. Their addresses hold the digest of what they are, so browsers keep them for ever, and a
/// newer Fairlead has other addresses.
/// </summary>
internal static class AssetShelf
{
    public const string Folder = "/ui/assets/";

    private static readonly (string Name, string Type, bool IsText)[] All =
    [
        ("dashboard.css", "text/css; charset=utf-8", true),
        ("dashboard.js", "text/javascript; charset=utf-8", true),
        ("explore.js", "text/javascript; charset=utf-8", true),
        ("fairlead.svg", "image/svg+xml", true),
        ("atkinson-hyperlegible-mono-latin-wght-normal.woff2", "font/woff2", false),
        ("atkinson-hyperlegible-next-latin-wght-normal.woff2", "font/woff2", false),
        ("OFL.txt", "text/plain; charset=utf-8", true),
    ];

    // Made when the first page is asked for: a command that only answers and goes needs none of it.
    private static readonly Lazy<FrozenDictionary<string, Asset>> Made = new(static () =>
        All.Reverse().Aggregate(new List<Asset>(), Add).ToFrozenDictionary(static one => one.Name)
    );

    /// <summary>The address of a file, such as <c>/ui/assets/dashboard.3f2a...css</c>.</summary>
    public static string UrlOf(string name) => Made.Value[name].Url;

    /// <summary>Bytes of a file as browsers get it at most, compressed where it is.</summary>
    public static int WeightOf(string name) => (Made.Value[name].Pressed ?? Made.Value[name].Bytes).Length;

    public static void Map(IEndpointRouteBuilder places, Action<IEndpointConventionBuilder> admit) =>
        admit(places.MapGet(Folder + "{file}", (HttpContext http, string file) => Answer(http, file)));

    private static IResult Answer(HttpContext http, string file)
    {
        var asset = Made.Value.Values.FirstOrDefault(one => one.Url == Folder + file);
        if (asset is null)
        {
            return Results.NotFound();
        }
        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        if (asset.Pressed is null)
        {
            return Results.Bytes(asset.Bytes, asset.Type);
        }
        http.Response.Headers.Vary = "Accept-Encoding";
        if (!http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal))
        {
            return Results.Bytes(asset.Bytes, asset.Type);
        }
        http.Response.Headers.ContentEncoding = "br";
        return Results.Bytes(asset.Pressed, asset.Type);
    }

    // Files that name others come after them in this order: a style knows the addresses of its fonts.
    private static List<Asset> Add(List<Asset> made, (string Name, string Type, bool IsText) next)
    {
        var bytes = Read(next.Name);
        if (next.IsText)
        {
            var text = System.Text.Encoding.UTF8.GetString(bytes);
            bytes = System.Text.Encoding.UTF8.GetBytes(
                made.Aggregate(
                    text,
                    (all, one) => all.Replace($"url({one.Name})", $"url({one.Url})", StringComparison.Ordinal)
                )
            );
        }
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes))[..12];
        var url = $"{Folder}{Path.GetFileNameWithoutExtension(next.Name)}.{digest}{Path.GetExtension(next.Name)}";
        made.Add(new(next.Name, url, next.Type, bytes, next.IsText ? Press(bytes) : null));
        return made;
    }

    private static byte[] Press(byte[] bytes)
    {
        using var into = new MemoryStream();
        using (var press = new BrotliStream(into, CompressionLevel.SmallestSize))
        {
            press.Write(bytes);
        }
        return into.ToArray();
    }

    private static byte[] Read(string name)
    {
        using var stream =
            typeof(AssetShelf).Assembly.GetManifestResourceStream($"dashboard/{name}")
            ?? throw new InvalidOperationException($"{name} is not in this program.");
        using var into = new MemoryStream();
        stream.CopyTo(into);
        return into.ToArray();
    }

    private sealed record Asset(string Name, string Url, string Type, byte[] Bytes, byte[]? Pressed);
}
