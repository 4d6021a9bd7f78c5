using System.Collections.Concurrent;
using System.Text.Json;
using Fairlead.Engine.Clusters;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Imaging;

/// <summary>Has what was built in a registry, as an image that a cluster, or ECS, can fetch. The same artifact is the same image.</summary>
/// <param name="ports">Opened when the first image is needed.</param>
/// <param name="papers">What is known of artifacts.</param>
/// <param name="open">Opens a folder for reading.</param>
public sealed class SentImages(Func<ImagePorts> ports, IArtifactPapers papers, Func<string, IFileTree> open)
{
    private const int TagLetters = 12;

    private readonly Lazy<ImagePorts> images = new(ports);
    private readonly ConcurrentDictionary<string, string> known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new(StringComparer.Ordinal);

    /// <returns>The image by its digest.</returns>
    /// <exception cref="ProblemException">It cannot be made, or the registry does not take it.</exception>
    public Task<string> EnsureAsync(InstanceOrder order, CancellationToken stop) =>
        EnsureAsync(order.Key.Site.App, order.Service, order.Artifact, stop);

    /// <inheritdoc cref="EnsureAsync(InstanceOrder, CancellationToken)"/>
    public async Task<string> EnsureAsync(string app, Service service, string artifact, CancellationToken stop)
    {
        var key = $"{service.Registry}/{app}/{service.Name}:{artifact}";
        if (known.TryGetValue(key, out var image))
        {
            return image;
        }
        var turn = turns.GetOrAdd(key, static _ => new SemaphoreSlim(1));
        await turn.WaitAsync(stop);
        try
        {
            return known.TryGetValue(key, out image)
                ? image
                : known[key] = service.Container?.Image is null
                    ? await SendAsync(app, service, artifact, stop)
                    : Ready(service, artifact);
        }
        finally
        {
            turn.Release();
        }
    }

    private string Ready(Service service, string artifact)
    {
        var note = open(images.Value.ArtifactFolder(artifact)).ReadText(ReadyImage.FileName);
        return note is not null && JsonSerializer.Deserialize<ReadyImage>(note, Records.Json) is { } ready
            ? ready.Reference
            : throw new ProblemException(ClusterProblems.NoArtifact(service, artifact));
    }

    private async Task<string> SendAsync(string app, Service service, string artifact, CancellationToken stop)
    {
        var settings = service.Container!; // Only who runs in a container is sent.
        var registry = service.Registry ?? throw new ProblemException(ClusterProblems.NoRegistry(service));
        var name = Name(
            $"{registry.TrimEnd('/')}/{app}/{service.Name}:{artifact[..Math.Min(TagLetters, artifact.Length)]}"
        );
        var maker = new ImageMaker(images.Value, papers, open);
        var made = await maker.MakeAsync(new ImageOrder(app, service, artifact, BaseOf(settings), name), stop);
        // A base that moved makes another image of the same artifact: where no tag may change, it needs one of its own.
        var to = name.Tagged($"{name.Tag}-{made.Image.Digest.Start}");
        var sent = await images.Value.Registry.PushAsync(made.Image, to, stop);
        return $"{to.At(sent.Pinned.Digest ?? made.Image.Digest)}";
    }

    private static BaseChoice BaseOf(ContainerSettings settings) =>
        settings.Base == ContainerSettings.HostBase
            ? new BaseChoice.Found()
            : new BaseChoice.Image(Name(settings.Base));

    private static ImageReference Name(string text) =>
        ImageReference.TryParse(text, out var fault)
        ?? throw new ProblemException(
            new Problem(
                "cluster.wrong-image",
                What: $"'{text}' is no image.",
                Why: fault!, // There is a fault where there is no image.
                Fix: "Correct 'registry' of the environment's cluster or of 'ecs', or 'base' of the service's container."
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );
}
