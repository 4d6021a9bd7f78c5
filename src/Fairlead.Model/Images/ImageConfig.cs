using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Model.Images;

/// <summary>How an image is run, and which layers it has unpacked (OCI image 1.1, config).</summary>
public sealed record ImageConfig
{
    private const int DepthMax = 32;

    [JsonPropertyName("created")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Created { get; init; }

    [JsonPropertyName("architecture")]
    public required string Architecture { get; init; }

    [JsonPropertyName("os")]
    public required string Os { get; init; }

    [JsonPropertyName("variant")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Variant { get; init; }

    [JsonPropertyName("config")]
    public ImageRun Run { get; init; } = new();

    [JsonPropertyName("rootfs")]
    public required RootFiles Files { get; init; }

    [JsonPropertyName("history")]
    public IReadOnlyList<ImageHistory> History { get; init; } = [];

    [JsonIgnore]
    public Platform Platform => new(Architecture, Os) { Variant = Variant };

    /// <summary>Reads a config that a stranger wrote.</summary>
    /// <exception cref="InvalidDataException">It is none; the message says why.</exception>
    public static ImageConfig Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > ManifestReader.BytesMax)
        {
            throw new InvalidDataException($"It has {bytes.Length} bytes; at most {ManifestReader.BytesMax} are read.");
        }
        try
        {
            using var document = JsonDocument.Parse(bytes, new() { MaxDepth = DepthMax });
            return Read(document.RootElement);
        }
        // A name of half a character is JSON, and cannot be compared.
        catch (Exception caught) when (caught is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"It is no JSON: {caught.Message}", caught);
        }
    }

    private static ImageConfig Read(JsonElement root)
    {
        if (root.ValueKind is not JsonValueKind.Object)
        {
            throw new InvalidDataException("It is no JSON object.");
        }
        var files = ManifestReader.Needed(root, "rootfs");
        if (files.ValueKind is not JsonValueKind.Object)
        {
            throw new InvalidDataException("Its rootfs is no object.");
        }
        return new()
        {
            Created = DateTimeOffset.TryParse(
                ManifestReader.Text(root, "created"),
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var created
            )
                ? created
                : null,
            Architecture = ManifestReader.Text(root, "architecture") ?? "",
            Os = ManifestReader.Text(root, "os") ?? "",
            Variant = ManifestReader.Text(root, "variant") is { Length: > 0 } variant ? variant : null,
            Run = ManifestReader.Has(root, "config") ? ImageRun.Read(root.GetProperty("config")) : new(),
            Files = new([
                .. ManifestReader
                    .List(files, "diff_ids")
                    .Select(static one =>
                        Digest.TryParse(one, out var digest)
                            ? digest
                            : throw new InvalidDataException("One of its diff_ids is no digest.")
                    ),
            ]),
        };
    }
}

/// <param name="DiffIds">Digests of the layers' tars as they are unpacked, the lowest first.</param>
public sealed record RootFiles([property: JsonPropertyName("diff_ids")] IReadOnlyList<Digest> DiffIds)
{
    [JsonPropertyName("type")]
    [JsonPropertyOrder(-1)]
    public string Type => "layers";
}

/// <summary>Where a layer came from, for people.</summary>
public sealed record ImageHistory(
    [property: JsonPropertyName("created")] DateTimeOffset Created,
    [property: JsonPropertyName("created_by")] string By,
    [property: JsonPropertyName("comment")] string Comment
);

/// <summary>How a container of the image is started when nobody says otherwise.</summary>
public sealed record ImageRun
{
    [JsonPropertyName("User")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? User { get; init; }

    [JsonPropertyName("ExposedPorts")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, Nothing>? ExposedPorts { get; init; }

    /// <summary>Each as <c>NAME=value</c>.</summary>
    [JsonPropertyName("Env")]
    public IReadOnlyList<string> Env { get; init; } = [];

    [JsonPropertyName("Entrypoint")]
    public IReadOnlyList<string> Entrypoint { get; init; } = [];

    [JsonPropertyName("Cmd")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Command { get; init; }

    [JsonPropertyName("WorkingDir")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Folder { get; init; }

    [JsonPropertyName("Labels")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    [JsonPropertyName("StopSignal")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StopSignal { get; init; }

    internal static ImageRun Read(JsonElement one)
    {
        if (one.ValueKind is not JsonValueKind.Object)
        {
            throw new InvalidDataException("Its config is no object.");
        }
        return new()
        {
            User = ManifestReader.Text(one, nameof(User)),
            ExposedPorts =
                ManifestReader.Has(one, nameof(ExposedPorts))
                && one.GetProperty(nameof(ExposedPorts)) is { ValueKind: JsonValueKind.Object } ports
                    ? ports
                        .EnumerateObject()
                        .Take(1000)
                        .Select(ManifestReader.Key)
                        .Distinct()
                        .ToDictionary(static port => port, static _ => new Nothing())
                    : null,
            Env = ManifestReader.List(one, nameof(Env)),
            Entrypoint = ManifestReader.List(one, nameof(Entrypoint)),
            Command = ManifestReader.Has(one, "Cmd") ? ManifestReader.List(one, "Cmd") : null,
            Folder = ManifestReader.Text(one, "WorkingDir"),
            Labels = ManifestReader.Texts(one, nameof(Labels)),
            StopSignal = ManifestReader.Text(one, nameof(StopSignal)),
        };
    }
}

/// <summary>Formats that have sets only as objects write each member with this as its value.</summary>
public sealed record Nothing;
