using Fairlead.Engine.Imaging;
using Fairlead.Model.Images;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>What operations on images have in common.</summary>
internal static class ImageViews
{
    /// <exception cref="ProblemException">It is none.</exception>
    public static ImageReference Name(string text) =>
        ImageReference.TryParse(text, out var fault) ?? throw new ProblemException(NoName(text, fault!)); // There is a fault where there is no name.

    /// <exception cref="ProblemException">It is none.</exception>
    public static Platform? Platform(string? text, ImagePorts ports) =>
        text switch
        {
            null => ports.Platform,
            "all" => null,
            _ => Model.Images.Platform.TryParse(text)
                ?? throw new ProblemException(
                    new Problem(
                        "image.platform",
                        What: $"'{text}' is no platform.",
                        Why: "A platform is written as system/architecture.",
                        Fix: "Write for example: --platform linux/arm64, or --platform all"
                    )
                    {
                        Trouble = Trouble.WrongUse,
                    }
                ),
        };

    /// <summary>The image of that name on this machine.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public static async Task<Descriptor> FindAsync(ImagePorts ports, ImageReference name, CancellationToken stop)
    {
        var all = await ports.Store.ListAsync(stop);
        return all.FirstOrDefault(one => one.Name == name)?.Image
            ?? (name.Digest is { } digest ? all.FirstOrDefault(one => one.Image.Digest == digest)?.Image : null)
            ?? throw new ProblemException(
                new Problem(
                    "image.unknown",
                    What: $"There is no image {name} on this machine.",
                    Why: all.Count == 0
                        ? "No image has been built or pulled yet."
                        : $"There are: {string.Join(", ", all.Take(10).Select(static one => one.Name))}{(all.Count > 10 ? " and others" : "")}.",
                    Fix: $"fairlead image pull {name}, or build it: fairlead image build"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
    }

    /// <summary>An image as it is read here; null where its kind or its config cannot be.</summary>
    public static async Task<(Manifest.Image Manifest, ImageConfig Config)?> ReadAsync(
        ImagePorts ports,
        Descriptor image,
        CancellationToken stop
    )
    {
        try
        {
            return
                ManifestReader.Read(await ports.Store.ReadAsync(image.Digest, stop), image.MediaType)
                    is Manifest.Image manifest
                && ports.Store.Has(manifest.Config.Digest)
                ? (manifest, ImageConfig.Read(await ports.Store.ReadAsync(manifest.Config.Digest, stop)))
                : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static Problem NoName(string text, string fault) =>
        new(
            "image.name",
            What: $"'{text}' is no image.",
            Why: $"As an image, {fault}",
            Fix: "Write it as docker does: nginx:1.27, ghcr.io/shop/api:42 or localhost:5000/api@sha256:..."
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
