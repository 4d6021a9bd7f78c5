using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Imaging;
using Fairlead.Model.Images;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Puts the files of an image of this machine into a folder, to look at them.</summary>
public static class UnpackImage
{
    public sealed record Input
    {
        [Description("Image of this machine, as 'image list' shows it.")]
        [Positional]
        public required string Image { get; init; }

        [Description("Where to: a folder that is empty.")]
        [Folder]
        public required string Folder { get; init; }

        [Description("Such as linux/arm64, where there are several; this machine's when left out.")]
        public string? Platform { get; init; }
    }

    /// <param name="Left">How many devices and pipes were left out.</param>
    public sealed record Output(string Folder, int Entries, string Size, int Left);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("image.unpack", "Put an image's files into a folder.", Effect.Changes, RunAsync)
        {
            Examples = ["fairlead image unpack shop/api:42 --folder out"],
            // As whoever asks, and where they may write: a server would write wherever it may.
            Runs = Runs.Here,
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var images = engine.Images;
        var found = await ImageViews.FindAsync(images, ImageViews.Name(input.Image), stop);
        var image = MediaTypes.IsIndex(found.MediaType)
            ? await ChosenAsync(images, found, input.Platform, stop)
            : found;
        var unpacked = await images.Store.UnpackAsync(image, input.Folder, stop);
        return new(unpacked.Folder, unpacked.Entries, SizeReport.Text(unpacked.Bytes), unpacked.Devices);
    }

    private static async Task<Descriptor> ChosenAsync(
        ImagePorts images,
        Descriptor index,
        string? platform,
        CancellationToken stop
    )
    {
        var wanted = ImageViews.Platform(platform, images) ?? images.Platform;
        return
            ManifestReader.Read(await images.Store.ReadAsync(index.Digest, stop), index.MediaType) is Manifest.Index all
            && all.For(wanted) is { } one
            ? one
            : throw new ProblemException(
                new Problem(
                    "image.no-platform",
                    What: $"{index.Digest} is not there for {wanted}.",
                    Why: "None of its images is made for it.",
                    Fix: "See what there is: fairlead image list; then --platform"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
    }
}
