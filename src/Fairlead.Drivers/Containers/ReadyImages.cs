using Docker.DotNet.Models;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Images;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Containers;

/// <summary>Images of others that are run as they are.</summary>
internal sealed class ReadyImages(ContainerEngine engine) : IDisposable
{
    /// <summary>Has an image at the engine; it is fetched when it is not there.</summary>
    /// <exception cref="ProblemException">It cannot be had.</exception>
    public async Task<ReadyImage> PullAsync(string reference, CancellationToken stop)
    {
        if (await FindAsync(engine, reference, stop) is not { } found)
        {
            await FetchAsync(engine, reference, stop);
            found =
                await FindAsync(engine, reference, stop)
                ?? throw new ProblemException(
                    ContainerProblems.NoImage(reference, "The engine says it has fetched it, but does not have it.")
                );
        }
        return new(reference, found);
    }

    /// <summary>Has exactly this image at the engine.</summary>
    /// <exception cref="ProblemException">It cannot be had, or its name leads to another one now.</exception>
    public static async Task EnsureAsync(ContainerEngine engine, ReadyImage image, CancellationToken stop)
    {
        if (await FindAsync(engine, image.Id, stop) is not null)
        {
            return;
        }
        await FetchAsync(engine, image.Reference, stop);
        if (await FindAsync(engine, image.Id, stop) is null)
        {
            throw new ProblemException(ContainerProblems.ImageMoved(image.Reference, image.Id));
        }
    }

    /// <summary>Fetches by name; without a tag or digest, the one that is called latest.</summary>
    public static async Task FetchAsync(ContainerEngine engine, string reference, CancellationToken stop)
    {
        var isTagged = reference.LastIndexOf(':') > reference.LastIndexOf('/');
        try
        {
            await engine.AskAsync(
                docker =>
                    docker.Images.CreateImageAsync(
                        new ImagesCreateParameters { FromImage = isTagged ? reference : $"{reference}:latest" },
                        new AuthConfig(),
                        new Progress<JSONMessage>(),
                        stop
                    ),
                stop
            );
        }
        catch (ProblemException caught) when (caught.Problem.Code == ContainerProblems.RefusedCode)
        {
            throw new ProblemException(ContainerProblems.NoImage(reference, caught.Problem.Why), caught);
        }
    }

    /// <summary>Its id; null when the engine does not have it.</summary>
    public static async Task<string?> FindAsync(ContainerEngine engine, string reference, CancellationToken stop) =>
        (await engine.FindAsync(docker => docker.Images.InspectImageAsync(reference, stop), stop))?.ID;

    /// <summary>What an artifact says; null when it is no image.</summary>
    public static ReadyImage? TryRead(string artifact) =>
        DurableFile.TryReadJson<ReadyImage>(Path.Combine(artifact, ReadyImage.FileName));

    public void Dispose() => engine.Dispose();
}
