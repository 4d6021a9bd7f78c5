using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Imaging;

namespace Fairlead.Engine.Operations;

/// <summary>Brings an image to this machine, proven to be what its digest says.</summary>
public static class PullImage
{
    public sealed record Input
    {
        [Description("Such as nginx:1.27 or ghcr.io/shop/api@sha256:...")]
        [Positional]
        public required string Image { get; init; }

        [Description("Such as linux/arm64, or all; this machine's when left out.")]
        public string? Platform { get; init; }
    }

    /// <param name="Image">With the digest by which it is to be pinned.</param>
    /// <param name="Fetched">What was not here.</param>
    /// <param name="Layout">The folder of this machine's images, an OCI layout.</param>
    public sealed record Output(string Image, string Digest, string Fetched, string Layout);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "image.pull",
            "Bring an image from a registry to this machine.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead image pull nginx:1.27"],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var images = engine.Images;
        var name = ImageViews.Name(input.Image);
        var pulled = await images.Registry.PullAsync(name, ImageViews.Platform(input.Platform, images), stop);
        return new($"{pulled.Pinned}", $"{pulled.Image.Digest}", SizeReport.Text(pulled.Bytes), images.Store.Folder);
    }
}
