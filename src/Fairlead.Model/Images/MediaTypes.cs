namespace Fairlead.Model.Images;

/// <summary>Kinds of content, as OCI image 1.1 and Docker's schema 2 name them.</summary>
public static class MediaTypes
{
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    public const string Index = "application/vnd.oci.image.index.v1+json";
    public const string Config = "application/vnd.oci.image.config.v1+json";
    public const string Layer = "application/vnd.oci.image.layer.v1.tar";
    public const string GzipLayer = "application/vnd.oci.image.layer.v1.tar+gzip";
    public const string ZstdLayer = "application/vnd.oci.image.layer.v1.tar+zstd";

    /// <summary>The config of what is no image: two bytes, <c>{}</c>.</summary>
    public const string Empty = "application/vnd.oci.empty.v1+json";

    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";
    public const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    /// <summary>What a registry may answer with, what we like best first.</summary>
    public static IReadOnlyList<string> Manifests { get; } = [Index, Manifest, DockerIndex, DockerManifest];

    public static bool IsIndex(string type) => type is Index or DockerIndex;

    public static bool IsManifest(string type) => type is Manifest or DockerManifest;

    /// <summary>How a layer is packed; null when it is no layer that we can read.</summary>
    public static Packing? PackingOf(string type) =>
        type switch
        {
            Layer or "application/vnd.oci.image.layer.nondistributable.v1.tar" => Packing.None,
            GzipLayer
            or DockerLayer
            or "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"
            or "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip" => Packing.Gzip,
            _ => null,
        };
}

/// <summary>How a layer's tar is packed.</summary>
public enum Packing
{
    None,
    Gzip,
}
