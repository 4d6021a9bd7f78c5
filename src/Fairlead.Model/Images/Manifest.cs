using System.Text.Json.Serialization;

namespace Fairlead.Model.Images;

/// <summary>What an image or an index of images is made of.</summary>
public abstract record Manifest
{
    private Manifest(string mediaType) => MediaType = mediaType;

    [JsonPropertyName("schemaVersion")]
    [JsonPropertyOrder(-3)]
    public int SchemaVersion => 2;

    [JsonPropertyName("mediaType")]
    [JsonPropertyOrder(-2)]
    public string MediaType { get; }

    [JsonPropertyName("artifactType")]
    [JsonPropertyOrder(-1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ArtifactType { get; init; }

    /// <summary>The image that this is attached to.</summary>
    [JsonPropertyName("subject")]
    [JsonPropertyOrder(1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Descriptor? Subject { get; init; }

    [JsonPropertyName("annotations")]
    [JsonPropertyOrder(2)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Everything it cannot be without, in the order in which it is named.</summary>
    [JsonIgnore]
    public abstract IReadOnlyList<Descriptor> Parts { get; }

    /// <summary>One image, or something that is attached to one.</summary>
    /// <param name="Layers">The lowest first.</param>
    public sealed record Image(
        string MediaType,
        [property: JsonPropertyName("config")] Descriptor Config,
        [property: JsonPropertyName("layers")] IReadOnlyList<Descriptor> Layers
    ) : Manifest(MediaType)
    {
        [JsonIgnore]
        public override IReadOnlyList<Descriptor> Parts => [Config, .. Layers];
    }

    /// <summary>The same image for several platforms, or a list of what is attached to one.</summary>
    public sealed record Index(
        string MediaType,
        [property: JsonPropertyName("manifests")] IReadOnlyList<Descriptor> Manifests
    ) : Manifest(MediaType)
    {
        [JsonIgnore]
        public override IReadOnlyList<Descriptor> Parts => Manifests;

        /// <summary>The image that runs on a platform; null when there is none.</summary>
        public Descriptor? For(Platform platform) =>
            Manifests.FirstOrDefault(one => one.Platform is { } own && platform.Runs(own));
    }
}
