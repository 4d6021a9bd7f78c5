using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Imaging;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Builds a Dockerfile with this machine's container engine, and keeps the image beside the others.</summary>
public static class BuildDockerfile
{
    public sealed record Input
    {
        [Description("Folder from which the Dockerfile copies.")]
        [Positional]
        [Folder]
        public required string Folder { get; init; }

        [Description("What to call the image, such as ghcr.io/shop/api:42.")]
        public required string Name { get; init; }

        [Description("The Dockerfile, in the folder.")]
        public string File { get; init; } = "Dockerfile";

        [Description("The stage to stop at; the last when left out.")]
        public string? Target { get; init; }

        [Description("Such as linux/arm64; the engine's own when left out.")]
        public string? Platform { get; init; }

        [Description("A value for an ARG, as NAME=value. It is no secret: whoever has the image can read it.")]
        public IReadOnlyList<string> Argument { get; init; } = [];
    }

    /// <param name="Image">With the digest by which it is to be pinned.</param>
    /// <param name="Size">That travels.</param>
    public sealed record Output(
        string Image,
        string Platform,
        string Size,
        IReadOnlyList<string> Layers,
        IReadOnlyList<string> Notes
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "image.dockerfile",
            "Build a Dockerfile with this machine's container engine.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead image dockerfile ./api --name ghcr.io/shop/api:42",
                "fairlead image dockerfile --name shop/api:dev --target build --argument VERSION=42",
            ],
            // With the caller's files and as the caller may use the engine.
            Runs = Runs.Here,
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var images = engine.Images;
        var name = ImageViews.Name(input.Name);
        if (!engine.OpenFolder(input.Folder).FileExists(input.File))
        {
            throw new ProblemException(NoFile(input));
        }
        var order = new DockerfileOrder(input.Folder, input.File)
        {
            Target = input.Target,
            Platform = input.Platform is null ? null : ImageViews.Platform(input.Platform, images),
            Arguments = input
                .Argument.Select(static one => one.Split('=', 2))
                .ToDictionary(static one => one[0], static one => one[^1], StringComparer.Ordinal),
        };
        var image = await images.Dockerfiles.BuildAsync(order, stop);
        await images.Store.NameAsync(name, image, stop);
        var read = await ImageViews.ReadAsync(images, image, stop);
        return new(
            $"{name.At(image.Digest)}",
            $"{image.Platform}",
            SizeReport.Text(read?.Manifest.Parts.Sum(static one => one.Size) ?? 0),
            [.. (read?.Manifest.Layers ?? []).Select(static one => $"{one.Digest} {SizeReport.Text(one.Size)}")],
            InspectImage.NotesOf(read?.Config.Run.User)
        );
    }

    private static Problem NoFile(Input input) =>
        new(
            "image.no-dockerfile",
            What: $"There is no {input.File} in {input.Folder}.",
            Why: "A build begins with it.",
            Fix: "Name it: --file docker/Dockerfile; or make images without one: fairlead image build"
        )
        {
            Trouble = Trouble.NotFound,
        };
}
