using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Imaging;

/// <summary>Why no image can be made.</summary>
internal static class ImagingProblems
{
    public static Problem Static(ImageOrder order) =>
        new(
            "image.no-program",
            What: $"There is no image of {order.Service.Name}.",
            Why: "It is files that the edge serves: no program runs, and an image is started by one.",
            Fix: "Leave it to the edge, or copy its files into a web server's image by a Dockerfile."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem NoArtifact(ImageOrder order) =>
        new(
            "image.no-artifact",
            What: $"There is no image of {order.Service.Name} of {order.App}.",
            Why: $"Its artifact {order.Artifact[..Math.Min(12, order.Artifact.Length)]} is not here any more: old ones are removed.",
            Fix: $"Choose a release that is kept: fairlead releases {order.App}"
        )
        {
            Trouble = Trouble.NotFound,
        };

    public static Problem NotStatic(ImageOrder order, HostRuntime runtime) =>
        new(
            "image.not-static",
            What: $"{order.Service.Name} does not run from scratch.",
            Why: $"It needs {runtime.Words}.",
            Fix: "Leave --base away, or link it statically: for Go CGO_ENABLED=0, for Rust --target x86_64-unknown-linux-musl"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem BrokenBase(Descriptor image, string why) =>
        new(
            "image.broken",
            What: $"{image.Digest} cannot be read as an image.",
            Why: why,
            Fix: "Choose another base, or bring it again: fairlead image pull NAME"
        );
}
