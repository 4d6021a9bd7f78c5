using System.Text.Json;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Imaging;
using Fairlead.Model.Apps;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws;

/// <summary>A file of an artifact.</summary>
/// <param name="Hash">SHA-256 of its content in hex.</param>
internal sealed record ArtifactFile(string Name, bool IsProgram, string Hash);

/// <summary>Files of what was built.</summary>
/// <param name="images">Sends what is built here to where ECS fetches it.</param>
internal sealed class AwsArtifacts(IArtifactPapers papers, Func<string, IFileTree> open, SentImages images)
{
    /// <summary>Sorted by name. A link counts as what it leads to, if that is inside.</summary>
    /// <exception cref="ProblemException">There is no such artifact.</exception>
    public async Task<IReadOnlyList<ArtifactFile>> ListAsync(
        Service service,
        string artifact,
        CancellationToken stop
    ) =>
        await papers.ListAsync(artifact, stop) is { } list
            ? Read(list)
            : throw new ProblemException(AwsProblems.NoArtifact(service, artifact));

    /// <exception cref="ProblemException">It cannot be read.</exception>
    public byte[] Read(Service service, string artifact, string name) =>
        open(artifact).ReadBytes(name) ?? throw new ProblemException(AwsProblems.NoArtifact(service, artifact));

    /// <summary>The image that ECS runs, by its digest: a ready one, or one that is made and sent, unless it was.</summary>
    /// <exception cref="ProblemException">There is none, or it cannot be sent.</exception>
    public async Task<string> ImageOfAsync(InstanceOrder order, CancellationToken stop) =>
        order.Service.Registry is null ? ImageOf(order.Service, order.Artifact) : await images.EnsureAsync(order, stop);

    /// <summary>The ready image that an artifact names, by its digest.</summary>
    /// <exception cref="ProblemException">It names none.</exception>
    public string ImageOf(Service service, string artifact) =>
        open(artifact).ReadText(ReadyImage.FileName) is { } note
        && JsonSerializer.Deserialize<ReadyImage>(note, Records.Json) is { } ready
            ? ready.Reference
            : throw new ProblemException(AwsProblems.NoArtifact(service, artifact));

    // f 9f86d0...0a08 js/app.js
    internal static IReadOnlyList<ArtifactFile> Read(string list) =>
        [
            .. list.Split('\n')
                .Select(static line => line.Split(' ', 3))
                .Where(static words => words is ["f" or "x" or "l", _, { Length: > 0 }])
                .Select(static words => new ArtifactFile(words[2], words[0] == "x", words[1]))
                .OrderBy(static one => one.Name, StringComparer.Ordinal),
        ];
}
