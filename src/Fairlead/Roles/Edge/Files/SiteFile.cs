using Microsoft.Extensions.Primitives;

namespace Fairlead.Roles.Edge.Files;

/// <summary>A file of a release, with everything that its answers say, written once.</summary>
internal sealed class SiteFile
{
    private static readonly Body[] None = [];
    private Body[] encoded = None;

    /// <summary>Its place in the release, such as <c>/docs/a.txt</c>.</summary>
    public required string Name { get; init; }

    public required string Type { get; init; }

    public required StringValues ContentType { get; init; }

    public required StringValues CacheControl { get; init; }

    public required DateTimeOffset Modified { get; init; }

    public required StringValues LastModified { get; init; }

    /// <summary>The file as it is.</summary>
    public required Body Plain { get; init; }

    /// <summary>SHA-256 of its bytes; null when it was too large to be read for that.</summary>
    public string? Hash { get; init; }

    public bool IsPage { get; init; }

    public bool IsAsset { get; init; }

    /// <summary>The same bytes compressed, smallest first. They may come later than the file, from the press.</summary>
    public Body[] Encoded
    {
        get => Volatile.Read(ref encoded);
        set => Volatile.Write(ref encoded, value);
    }
}

/// <summary>One way in which a file is sent.</summary>
/// <param name="Encoding">Empty, or br, zstd or gzip.</param>
/// <param name="Path">Where it is on the disk, without links.</param>
/// <param name="Bytes">All of it, when it is small; null when it is read from the disk each time.</param>
internal sealed record Body(StringValues Encoding, string Path, long Length, StringValues ETag, byte[]? Bytes);
