using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Imaging;
using Fairlead.Model.Images;

namespace Fairlead.Engine.Operations;

/// <summary>Images of this machine, or the tags of a repository.</summary>
public static class ListImages
{
    public sealed record Input
    {
        [Description("A repository whose tags to list, such as ghcr.io/shop/api; this machine's images when left out.")]
        [Positional]
        public string? Repository { get; init; }
    }

    public sealed record Output(IReadOnlyList<ImageView>? Images, IReadOnlyList<string>? Tags);

    /// <param name="Size">That travels; of an index, of all its images that are here.</param>
    /// <param name="Release">What it was built of; null when Fairlead did not build it.</param>
    public sealed record ImageView(string Image, string Digest, string Platforms, string Size, string? Release);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "image.list",
            "List this machine's images, or the tags of a repository.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead image list", "fairlead image list ghcr.io/shop/api"],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        if (input.Repository is { } repository)
        {
            return new(null, await engine.Images.Registry.TagsAsync(ImageViews.Name(repository), stop));
        }
        var views = new List<ImageView>();
        foreach (var one in await engine.Images.Store.ListAsync(stop))
        {
            views.Add(await ViewAsync(engine.Images, one.Name, one.Image, stop));
        }
        return new(views, null);
    }

    private static async Task<ImageView> ViewAsync(
        ImagePorts images,
        ImageReference name,
        Descriptor image,
        CancellationToken stop
    )
    {
        var parts = MediaTypes.IsIndex(image.MediaType)
            ? ManifestReader
                .Read(await images.Store.ReadAsync(image.Digest, stop), image.MediaType)
                .Parts.Where(one => images.Store.Has(one.Digest))
                .ToList()
            : [image];
        var (platforms, size, release) = (new List<string>(), 0L, (string?)null);
        foreach (var part in parts)
        {
            if (await ImageViews.ReadAsync(images, part, stop) is var (manifest, config))
            {
                platforms.Add($"{config.Platform}");
                size += manifest.Parts.Sum(static layer => layer.Size);
                release ??= ReleaseOf(config);
            }
        }
        return new($"{name}", $"{image.Digest}", string.Join(", ", platforms), SizeReport.Text(size), release);
    }

    private static string? ReleaseOf(ImageConfig config) =>
        config.Run.Labels is { } labels && labels.GetValueOrDefault(ImageLabels.App) is { } app
            ? $"{app}@{labels.GetValueOrDefault("org.opencontainers.image.version")} {labels.GetValueOrDefault(ImageLabels.Service)}"
            : null;
}
