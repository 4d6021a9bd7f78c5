using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fairlead.Model.Images;

/// <summary>Writes manifests and configs: the same words give the same bytes, and so the same digest.</summary>
public static class ImageJson
{
    // As others write them: + in a media type stays as it is.
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] Write(Manifest manifest) =>
        manifest switch
        {
            Manifest.Image image => JsonSerializer.SerializeToUtf8Bytes(image, Options),
            Manifest.Index index => JsonSerializer.SerializeToUtf8Bytes(index, Options),
            _ => throw new ArgumentException("There are images and indexes.", nameof(manifest)),
        };

    public static byte[] Write(ImageConfig config) => JsonSerializer.SerializeToUtf8Bytes(config, Options);

    /// <summary>What these bytes are called.</summary>
    public static Descriptor Describe(string mediaType, ReadOnlySpan<byte> bytes) =>
        new(mediaType, Digest.Of(bytes), bytes.Length);
}
