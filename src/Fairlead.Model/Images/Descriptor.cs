using System.Text.Json.Serialization;

namespace Fairlead.Model.Images;

/// <summary>What content is without having it: its kind, its name and its size.</summary>
/// <param name="Size">Bytes.</param>
public sealed record Descriptor(
    [property: JsonPropertyName("mediaType")] string MediaType,
    [property: JsonPropertyName("digest")] Digest Digest,
    [property: JsonPropertyName("size")] long Size
)
{
    /// <summary>Of an artifact that is attached to an image.</summary>
    [JsonPropertyName("artifactType")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ArtifactType { get; init; }

    /// <summary>Of an image in an index.</summary>
    [JsonPropertyName("platform")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Platform? Platform { get; init; }

    [JsonPropertyName("annotations")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

/// <summary>What an image runs on, in Go's words: <c>linux/amd64</c>, <c>linux/arm64</c>, <c>linux/arm/v7</c>.</summary>
public sealed record Platform(
    [property: JsonPropertyName("architecture")] string Architecture,
    [property: JsonPropertyName("os")] string Os
)
{
    [JsonPropertyName("variant")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Variant { get; init; }

    /// <summary>Reads <c>linux/arm/v7</c>; null when it is not of that shape.</summary>
    public static Platform? TryParse(string text) =>
        text.Split('/') switch
        {
            [var os, var architecture] when IsWord(os) && IsWord(architecture) => new(architecture, os),
            [var os, var architecture, var variant] when IsWord(os) && IsWord(architecture) && IsWord(variant) => new(
                architecture,
                os
            )
            {
                Variant = variant,
            },
            _ => null,
        };

    /// <summary>Whether what is for that platform runs on this one. A variant that is not said is the architecture's usual one.</summary>
    public bool Runs(Platform other) =>
        other.Os == Os && other.Architecture == Architecture && (other.Variant ?? Usual) == (Variant ?? Usual);

    private string? Usual => Architecture is "arm64" ? "v8" : null;

    public override string ToString() => $"{Os}/{Architecture}{(Variant is null ? "" : $"/{Variant}")}";

    private static bool IsWord(string text) =>
        text.Length is > 0 and <= 32
        && text.All(static one => char.IsAsciiLetterOrDigit(one) || one is '_' or '.' or '-');
}
