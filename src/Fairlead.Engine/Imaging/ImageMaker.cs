using Fairlead.Engine.Guarding.Scanning;
using Fairlead.Model.Apps;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Imaging;

/// <summary>
/// Makes an image of an artifact that Fairlead built, without a Dockerfile: base, dependencies, code, in this order. The same artifact on
/// the same base gives the same image, byte for byte. What is known of the artifact is attached: its bill of materials and its provenance.
/// </summary>
/// <param name="papers">What is known of artifacts.</param>
/// <param name="open">Opens a folder for reading.</param>
public sealed class ImageMaker(ImagePorts ports, IArtifactPapers papers, Func<string, IFileTree> open)
{
    private const string SbomType = "application/vnd.cyclonedx+json";
    private const string ProvenanceType = "application/vnd.dsse.envelope.v1+json";

    private readonly IImageStore store = ports.Store;

    /// <exception cref="ProblemException">There is no program to run, no such artifact or base, or no room.</exception>
    public async Task<MadeImage> MakeAsync(ImageOrder order, CancellationToken stop)
    {
        var service = order.Service;
        if (service.IsStatic)
        {
            throw new ProblemException(ImagingProblems.Static(order));
        }
        var artifact = order.Artifact;
        var list =
            await papers.ListAsync(artifact, stop) ?? throw new ProblemException(ImagingProblems.NoArtifact(order));
        var folder = ports.ArtifactFolder(artifact);
        var ground = await GroundAsync(order, folder, stop);
        var (dependencies, code) = ImagePlan.Split(
            list,
            folder,
            PackagesOf(folder),
            path => ports.LinkOf($"{folder}/{path}")
        );
        var layers = new List<(Layer Layer, LayerSize Size, string By)>();
        foreach (
            var (title, entries) in new[]
            {
                (ground.Title, ground.Entries),
                ("dependencies", dependencies),
                ("code", code),
            }
        )
        {
            if (entries.Count > 0)
            {
                var layer = await ports.Layers.WriteAsync(entries, stop);
                layers.Add((layer, SizeReport.Of(title, layer, entries, ports.SizeOf), title));
            }
        }
        var image = await WriteAsync(order, ground, layers, stop);
        await AttachAsync(image, artifact, stop);
        var named = await JoinAsync(order, image, stop);
        await store.NameAsync(order.Name, named, stop);
        return new(
            order.Name.At(named.Digest),
            named,
            ground.Words,
            ground.Platform,
            [.. ground.Sizes, .. layers.Select(static one => one.Size)],
            ground.Notes
        );
    }

    private async Task<Ground> GroundAsync(ImageOrder order, string folder, CancellationToken stop)
    {
        if (order.Base is BaseChoice.Image { Name: var name })
        {
            return await PulledAsync(name, order.Platform ?? ports.Platform, stop);
        }
        var program = order.Service.Recipe.Run[0];
        var runtime = await ports.Layers.RuntimeAsync(program, folder, stop);
        if (order.Base is BaseChoice.Scratch && !runtime.IsStatic)
        {
            throw new ProblemException(ImagingProblems.NotStatic(order, runtime));
        }
        return new(
            runtime.IsStatic ? "scratch" : $"this machine's runtime: {runtime.Words}",
            runtime.IsStatic ? "system" : "runtime of this machine",
            runtime.Platform,
            [.. ImagePlan.System, .. runtime.Entries]
        )
        {
            Env =
            [
                .. runtime
                    .Env.OrderBy(static one => one.Key, StringComparer.Ordinal)
                    .Select(static one => $"{one.Key}={one.Value}"),
            ],
            Path = runtime.Path,
            Label = runtime.IsStatic ? "scratch" : "host",
            Notes =
            [
                .. runtime.IsStatic
                    ? Array.Empty<string>()
                    :
                    [
                        "It stands on files of this machine, which nobody else watches for weaknesses: build it anew after each of its updates, or choose a base: --base IMAGE",
                    ],
                .. runtime.Missing.Select(static one =>
                    $"{one} is named by a program and is not on this machine; what needs it will not start."
                ),
            ],
        };
    }

    private async Task<Ground> PulledAsync(ImageReference name, Platform platform, CancellationToken stop)
    {
        var pulled = await ports.Registry.PullAsync(name, platform, stop);
        var (manifest, config) = await ReadAsync(pulled.Image, stop);
        return new($"{pulled.Pinned}", "base", config.Platform, [])
        {
            Layers = manifest.Layers,
            DiffIds = config.Files.DiffIds,
            Env = config.Run.Env,
            Labels = config.Run.Labels ?? new Dictionary<string, string>(),
            Pinned = pulled.Pinned,
            Sizes =
            [
                .. manifest.Layers.Select(
                    static (one, at) => new LayerSize($"base {at + 1}", one.Digest.ToString(), one.Size, 0, 0)
                ),
            ],
            Label = "image",
        };
    }

    private async Task<(Manifest.Image Manifest, ImageConfig Config)> ReadAsync(
        Descriptor image,
        CancellationToken stop
    )
    {
        try
        {
            return
                ManifestReader.Read(await store.ReadAsync(image.Digest, stop), image.MediaType)
                    is Manifest.Image manifest
                && ImageConfig.Read(await store.ReadAsync(manifest.Config.Digest, stop)) is var config
                && config.Files.DiffIds.Count == manifest.Layers.Count
                ? (manifest, config)
                : throw new InvalidDataException("It has not as many layers as its config names.");
        }
        catch (InvalidDataException caught)
        {
            throw new ProblemException(ImagingProblems.BrokenBase(image, caught.Message), caught);
        }
    }

    private async Task<Descriptor> WriteAsync(
        ImageOrder order,
        Ground ground,
        List<(Layer Layer, LayerSize Size, string By)> layers,
        CancellationToken stop
    )
    {
        var created = DateTimeOffset.FromUnixTimeSeconds(order.Release?.At.ToUnixTimeSeconds() ?? 0);
        var config = new ImageConfig
        {
            Created = created,
            Architecture = ground.Platform.Architecture,
            Os = ground.Platform.Os,
            Variant = ground.Platform.Variant,
            Run = Run(order, ground, created),
            Files = new([.. ground.DiffIds, .. layers.Select(static one => one.Layer.DiffId)]),
        };
        var written = await store.PutAsync(MediaTypes.Config, ImageJson.Write(config), stop);
        var manifest = new Manifest.Image(
            MediaTypes.Manifest,
            written,
            [.. ground.Layers, .. layers.Select(static one => one.Layer.Packed)]
        );
        return await store.PutAsync(MediaTypes.Manifest, ImageJson.Write(manifest), stop) with
        {
            Platform = ground.Platform,
        };
    }

    private static ImageRun Run(ImageOrder order, Ground ground, DateTimeOffset created)
    {
        var service = order.Service;
        var port = ImagePlan.PortText(service);
        var path = ground.Env.FirstOrDefault(static one => one.StartsWith("PATH=", StringComparison.Ordinal));
        return new()
        {
            User = ImagePlan.User,
            Folder = $"/{ImagePlan.Folder}",
            Entrypoint = ImagePlan.Entrypoint(service),
            ExposedPorts =
                service.TakesTraffic || service.Port is not null
                    ? new Dictionary<string, Nothing> { [$"{port}/tcp"] = new() }
                    : null,
            // What the manifest sets is told to the container when it is started: an image is the same in every environment.
            Env =
            [
                path
                    ?? $"PATH={string.Join(':', ground.Path.Concat(["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]).Distinct())}",
                .. ground.Env.Where(one => one != path && !one.StartsWith("PORT=", StringComparison.Ordinal)),
                $"PORT={port}",
            ],
            Labels = Labels(order, ground, created),
        };
    }

    private static SortedDictionary<string, string> Labels(ImageOrder order, Ground ground, DateTimeOffset created)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in ground.Labels)
        {
            labels[name] = value;
        }
        var (release, service) = (order.Release, order.Service);
        labels["org.opencontainers.image.title"] = $"{order.App}/{service.Name}";
        if (release is not null)
        {
            labels["org.opencontainers.image.version"] = $"{release.Number}";
        }
        labels["org.opencontainers.image.created"] = created.ToString(
            "yyyy-MM-dd'T'HH:mm:ss'Z'",
            System.Globalization.CultureInfo.InvariantCulture
        );
        labels[ImageLabels.App] = order.App;
        labels[ImageLabels.Service] = service.Name;
        labels[ImageLabels.Artifact] = order.Artifact;
        labels[ImageLabels.Base] = ground.Label;
        if (release?.Commit is { } commit)
        {
            labels["org.opencontainers.image.revision"] = commit;
        }
        if (ground.Pinned is { } pinned)
        {
            labels["org.opencontainers.image.base.name"] = pinned.Tag is null
                ? pinned.Name
                : $"{pinned.Name}:{pinned.Tag}";
            labels["org.opencontainers.image.base.digest"] = $"{pinned.Digest}";
        }
        return labels;
    }

    private async Task AttachAsync(Descriptor image, string artifact, CancellationToken stop)
    {
        foreach (var (paper, type) in new[] { (BuildPapers.SbomPaper, SbomType), (Provenance.Paper, ProvenanceType) })
        {
            if (await papers.ReadAsync(artifact, paper, stop) is not { } text)
            {
                continue;
            }
            var content = await store.PutAsync(type, System.Text.Encoding.UTF8.GetBytes(text), stop);
            var empty = await store.PutAsync(MediaTypes.Empty, "{}"u8.ToArray(), stop);
            var manifest = new Manifest.Image(MediaTypes.Manifest, empty, [content])
            {
                ArtifactType = type,
                Subject = image with { Platform = null },
            };
            await store.AttachAsync(
                image.Digest,
                await store.PutAsync(MediaTypes.Manifest, ImageJson.Write(manifest), stop),
                stop
            );
        }
    }

    /// <summary>With the images of the same artifact for other platforms that have the name already: one index for all of them.</summary>
    private async Task<Descriptor> JoinAsync(ImageOrder order, Descriptor image, CancellationToken stop)
    {
        var before = (await store.ListAsync(stop)).FirstOrDefault(one => one.Name == order.Name)?.Image;
        var others = new List<Descriptor>();
        foreach (var one in before is null ? [] : await PartsAsync(before, stop))
        {
            if (
                store.Has(one.Digest)
                && await TryReadAsync(one, stop) is { } config
                && config.Platform != image.Platform
                && config.Run.Labels?.GetValueOrDefault(ImageLabels.Artifact) == order.Artifact
            )
            {
                others.Add(one with { Platform = config.Platform, Annotations = null });
            }
        }
        if (others.Count == 0)
        {
            return image;
        }
        // In the order of platforms, so that the same images give the same index.
        var all = others.Append(image).OrderBy(static one => $"{one.Platform}", StringComparer.Ordinal);
        return await store.PutAsync(
            MediaTypes.Index,
            ImageJson.Write(new Manifest.Index(MediaTypes.Index, [.. all])),
            stop
        );
    }

    private async Task<IReadOnlyList<Descriptor>> PartsAsync(Descriptor image, CancellationToken stop) =>
        MediaTypes.IsIndex(image.MediaType)
            ? ManifestReader.Read(await store.ReadAsync(image.Digest, stop), image.MediaType).Parts
            : [image];

    private async Task<ImageConfig?> TryReadAsync(Descriptor image, CancellationToken stop)
    {
        try
        {
            return (await ReadAsync(image, stop)).Config;
        }
        catch (ProblemException)
        {
            return null; // Something else has the name; it loses it.
        }
    }

    private HashSet<string> PackagesOf(string folder)
    {
        var tree = open(folder);
        return tree.List(".")
            .Where(static one => one.EndsWith(".deps.json", StringComparison.Ordinal))
            .Select(tree.ReadText)
            .OfType<string>()
            .SelectMany(ImagePlan.PackageFiles)
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>What the image stands on.</summary>
    private sealed record Ground(string Words, string Title, Platform Platform, IReadOnlyList<LayerEntry> Entries)
    {
        public IReadOnlyList<Descriptor> Layers { get; init; } = [];

        public IReadOnlyList<Digest> DiffIds { get; init; } = [];

        public IReadOnlyList<string> Env { get; init; } = [];

        public IReadOnlyList<string> Path { get; init; } = [];

        public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

        public ImageReference? Pinned { get; init; }

        public required string Label { get; init; }

        public IReadOnlyList<LayerSize> Sizes { get; init; } = [];

        public IReadOnlyList<string> Notes { get; init; } = [];
    }
}

/// <summary>Labels by which images are known as Fairlead's own.</summary>
public static class ImageLabels
{
    public const string App = "dev.fairlead.app";
    public const string Service = "dev.fairlead.service";
    public const string Artifact = "dev.fairlead.artifact";

    /// <summary>What it stands on: <c>scratch</c>, <c>host</c> or <c>image</c>.</summary>
    public const string Base = "dev.fairlead.base";
}

/// <summary>An image to make.</summary>
/// <param name="Artifact">What was built of the service.</param>
/// <param name="Name">What it is called on this machine.</param>
public sealed record ImageOrder(string App, Service Service, string Artifact, BaseChoice Base, ImageReference Name)
{
    /// <summary>Of the base; null for this machine's.</summary>
    public Platform? Platform { get; init; }

    /// <summary>Said in its labels; null where the image is only its artifact's, whatever release that is in.</summary>
    public Release? Release { get; init; }
}

/// <summary>An image that was made.</summary>
/// <param name="Image">The image, or the index of it and those for other platforms that have the same name.</param>
/// <param name="Base">What it stands on, for people.</param>
/// <param name="Notes">What whoever ships it should know.</param>
public sealed record MadeImage(
    ImageReference Pinned,
    Descriptor Image,
    string Base,
    Platform Platform,
    IReadOnlyList<LayerSize> Layers,
    IReadOnlyList<string> Notes
);

/// <summary>What is needed to make, bring and send images.</summary>
/// <param name="ArtifactFolder">Where an artifact is, absolute.</param>
/// <param name="LinkOf">Where a link of this machine leads; null when it is none.</param>
/// <param name="SizeOf">Bytes of a file of this machine.</param>
/// <param name="Platform">This machine's.</param>
public sealed record ImagePorts(
    IImageStore Store,
    IRegistry Registry,
    ILayers Layers,
    Func<string, string> ArtifactFolder,
    Func<string, string?> LinkOf,
    Func<string, long> SizeOf,
    Platform Platform
)
{
    /// <summary>Builds Dockerfiles.</summary>
    public required IDockerfiles Dockerfiles { get; init; }

    /// <summary>Lists folders of this machine, by their absolute paths, as if they were artifacts.</summary>
    public required IArtifactPapers Folders { get; init; }
}
