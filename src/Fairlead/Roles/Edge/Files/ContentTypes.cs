using Microsoft.AspNetCore.StaticFiles;

namespace Fairlead.Roles.Edge.Files;

/// <summary>What a file is, by its name.</summary>
internal static class ContentTypes
{
    private const string Unknown = "application/octet-stream";
    private static readonly FileExtensionContentTypeProvider Known = new(
        new Dictionary<string, string>(
            new FileExtensionContentTypeProvider().Mappings,
            StringComparer.OrdinalIgnoreCase
        )
        {
            [".avif"] = "image/avif",
            [".cjs"] = "text/javascript",
            [".jxl"] = "image/jxl",
            [".map"] = "application/json",
            [".md"] = "text/markdown",
            [".mjs"] = "text/javascript",
            [".wasm"] = "application/wasm",
            [".webmanifest"] = "application/manifest+json",
        }
    );

    /// <summary>With its charset where it is text: everything that builds write today is UTF-8.</summary>
    public static string Of(string name) =>
        !Known.TryGetContentType(name, out var type) ? Unknown
        : type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8"
        : type;

    /// <summary>Whether compressing a file of this type makes it smaller; images, films and archives are compressed already.</summary>
    public static bool IsCompressible(string type) =>
        type.StartsWith("text/", StringComparison.Ordinal)
        || type.EndsWith("+xml", StringComparison.Ordinal)
        || type.EndsWith("+json", StringComparison.Ordinal)
        || type
            is "application/javascript"
                or "application/json"
                or "application/wasm"
                or "application/xml"
                or "application/vnd.ms-fontobject"
                or "application/x-font-ttf"
                or "font/otf"
                or "font/ttf"
                or "image/bmp"
                or "image/x-icon";

    public static bool IsPage(string type) =>
        type.StartsWith("text/html", StringComparison.Ordinal)
        || type.StartsWith("application/xhtml", StringComparison.Ordinal);

    /// <summary>
    /// Whether a page asks for such a file while it runs, so that an earlier release may still answer. A document that was
    /// taken away, such as a PDF, is meant to be gone.
    /// </summary>
    public static bool IsAsset(string type) =>
        type.StartsWith("text/css", StringComparison.Ordinal)
        || type.StartsWith("text/javascript", StringComparison.Ordinal)
        || type.StartsWith("image/", StringComparison.Ordinal)
        || type.StartsWith("font/", StringComparison.Ordinal)
        || type.StartsWith("audio/", StringComparison.Ordinal)
        || type.StartsWith("video/", StringComparison.Ordinal)
        || type.StartsWith("application/font", StringComparison.Ordinal)
        || type.StartsWith("application/x-font", StringComparison.Ordinal)
        || type
            is "application/javascript"
                or "application/json"
                or "application/manifest+json"
                or "application/vnd.ms-fontobject"
                or "application/wasm";
}
