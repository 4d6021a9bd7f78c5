using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Imaging;
using Fairlead.Model.Images;

namespace Fairlead.Engine.Operations;

/// <summary>What an image is: its layers, how it is started, what is attached to it.</summary>
public static class InspectImage
{
    public sealed record Input
    {
        [Description("Image of this machine; with --remote, of its registry.")]
        [Positional]
        public required string Image { get; init; }

        [Description("Ask the registry, and bring only what describes the image.")]
        public bool Remote { get; init; }
    }

    /// <param name="Images">One for each platform.</param>
    /// <param name="Attached">Signatures, bills of materials, provenance.</param>
    public sealed record Output(
        string Image,
        string MediaType,
        IReadOnlyList<ImageView> Images,
        IReadOnlyList<AttachedView> Attached
    );

    /// <param name="Platform">Null when it is not here.</param>
    public sealed record ImageView(string Digest, string? Platform)
    {
        public string? Size { get; init; }

        public IReadOnlyList<string> Layers { get; init; } = [];

        public string? User { get; init; }

        public IReadOnlyList<string> Command { get; init; } = [];

        public IReadOnlyList<string> Ports { get; init; } = [];

        public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

        /// <summary>What whoever runs it should know.</summary>
        public IReadOnlyList<string> Notes { get; init; } = [];
    }

    public sealed record AttachedView(string Type, string Digest, string Size);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "image.inspect",
            "Show what an image is: layers, start, labels, what is attached.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead image inspect shop/api:42", "fairlead image inspect ghcr.io/shop/api:42 --remote"],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var images = engine.Images;
        var name = ImageViews.Name(input.Image);
        if (input.Remote)
        {
            var found = await images.Registry.ResolveAsync(name, stop);
            var pinned = name.At(found.Digest);
            var referrers = await images.Registry.ReferrersAsync(pinned, stop);
            return new($"{pinned}", found.MediaType, [], [.. referrers.Select(View)]);
        }
        var root = await ImageViews.FindAsync(images, name, stop);
        var parts = MediaTypes.IsIndex(root.MediaType)
            ? ManifestReader.Read(await images.Store.ReadAsync(root.Digest, stop), root.MediaType).Parts
            : [root];
        var views = new List<ImageView>();
        var attached = new List<Descriptor>(await images.Store.AttachedAsync(root.Digest, stop));
        foreach (var part in parts)
        {
            views.Add(await ViewAsync(images, part, stop));
            attached.AddRange(await images.Store.AttachedAsync(part.Digest, stop));
        }
        return new(
            $"{name.At(root.Digest)}",
            root.MediaType,
            views,
            [.. attached.DistinctBy(static one => one.Digest).Select(View)]
        );
    }

    private static AttachedView View(Descriptor one) =>
        new(one.ArtifactType ?? one.MediaType, $"{one.Digest}", SizeReport.Text(one.Size));

    private static async Task<ImageView> ViewAsync(ImagePorts images, Descriptor part, CancellationToken stop)
    {
        if (
            !images.Store.Has(part.Digest)
            || await ImageViews.ReadAsync(images, part, stop) is not var (manifest, config)
        )
        {
            return new($"{part.Digest}", part.Platform?.ToString());
        }
        var run = config.Run;
        return new($"{part.Digest}", $"{config.Platform}")
        {
            Size = SizeReport.Text(manifest.Parts.Sum(static one => one.Size)),
            Layers = [.. manifest.Layers.Select(static one => $"{one.Digest} {SizeReport.Text(one.Size)}")],
            User = run.User,
            Command = [.. run.Entrypoint, .. run.Command ?? []],
            Ports = [.. (run.ExposedPorts ?? new Dictionary<string, Nothing>()).Keys.Order(StringComparer.Ordinal)],
            Labels = run.Labels ?? new Dictionary<string, string>(),
            Notes = NotesOf(run.User),
        };
    }

    internal static IReadOnlyList<string> NotesOf(string? user) =>
        IsRoot(user)
            ? ["It runs as root: whoever gets into the program is root in its container. Say USER in its Dockerfile."]
            : [];

    private static bool IsRoot(string? user) =>
        user is null or "" or "root" or "0"
        || user.StartsWith("0:", StringComparison.Ordinal)
        || user.StartsWith("root:", StringComparison.Ordinal);
}
