using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Imaging;
using Fairlead.Model.Images;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Removes images of releases that neither run nor may be rolled back to, and content that belongs to nothing.</summary>
public static class PruneImages
{
    public sealed record Input
    {
        [Description(
            "How many promoted releases of a site to keep beside those that run; all that a rollback can reach when left out."
        )]
        public int? Releases { get; init; }

        [Description("Also these images, such as bases that were pulled.")]
        public IReadOnlyList<string> Image { get; init; } = [];

        [Description("Only say what would be removed.")]
        public bool DryRun { get; init; }
    }

    /// <param name="Freed">Room that was made; content of the last hour stays, since it may belong to an image that is coming.</param>
    public sealed record Output(IReadOnlyList<string> Removed, IReadOnlyList<string> Kept, string Freed);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "image.prune",
            "Remove images of releases that neither run nor may be rolled back to.",
            Effect.Destroys,
            RunAsync
        )
        {
            Examples = ["fairlead image prune --dry-run", "fairlead image prune --releases 3"],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var artifacts = await KeptAsync(engine.Server, input.Releases, stop);
        var also = input.Image.Select(ImageViews.Name).ToHashSet();
        var (removed, kept) = (new List<string>(), new List<string>());
        foreach (var one in await engine.Images.Store.ListAsync(stop))
        {
            var artifact = await ArtifactOfAsync(engine.Images, one.Image, stop);
            // What Fairlead did not build is somebody's own, and what it did build and still needs stays whoever asks.
            var goes = artifact is null ? also.Contains(one.Name) : !artifacts.Contains(artifact);
            (goes ? removed : kept).Add($"{one.Name}");
            if (goes && !input.DryRun)
            {
                await engine.Images.Store.ForgetAsync(one.Name, stop);
            }
        }
        var swept = input.DryRun ? null : await engine.Images.Store.SweepAsync(stop);
        return new(
            removed,
            kept,
            swept is null ? "nothing: it was only asked" : $"{SizeReport.Text(swept.Bytes)} in {swept.Blobs} pieces"
        );
    }

    /// <summary>Artifacts of releases that run, are being deployed or may be rolled back to.</summary>
    private static async Task<HashSet<string>> KeptAsync(ServerSide server, int? most, CancellationToken stop)
    {
        var artifacts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var site in await Sites.AllAsync(server, stop))
        {
            var numbers = Retention.Kept(site, await Sites.DeploymentsAsync(server, site.Site, stop), most);
            foreach (var document in await server.Store.ListAsync(Records.Releases, $"{site.Site}/", stop))
            {
                var release = Records.Read<Release>(document);
                if (numbers.Contains(release.Number))
                {
                    artifacts.UnionWith(release.Services.Select(static one => one.Artifact));
                }
            }
        }
        return artifacts;
    }

    private static async Task<string?> ArtifactOfAsync(ImagePorts images, Descriptor image, CancellationToken stop)
    {
        var parts = MediaTypes.IsIndex(image.MediaType)
            ? ManifestReader
                .Read(await images.Store.ReadAsync(image.Digest, stop), image.MediaType)
                .Parts.Where(one => images.Store.Has(one.Digest))
                .ToList()
            : [image];
        foreach (var part in parts)
        {
            if (
                await ImageViews.ReadAsync(images, part, stop) is var (_, config)
                && config.Run.Labels?.GetValueOrDefault(ImageLabels.Artifact) is { } artifact
            )
            {
                return artifact;
            }
        }
        return null;
    }
}
