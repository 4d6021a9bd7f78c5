using Fairlead.Engine.Deploying;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Detecting;

/// <summary>
/// Finds files of releases that are not as they were built. A file that is new is none: programs write caches beside themselves.
/// </summary>
public sealed class ReleaseIntegrity(IStore store, IReleaseFiles files, Func<Fence> fence) : IDetector
{
    private const string Collection = "artifact-files";
    private const int FilesMax = 50_000;

    public string Name => "files of releases";

    public TimeSpan Every { get; } = TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken stop)
    {
        List<Finding> found = [];
        var live = await ArtifactsAsync(stop);
        foreach (var (artifact, name) in live)
        {
            if (await files.HashesAsync(artifact, stop) is not { Count: <= FilesMax } now)
            {
                continue;
            }
            if (await store.ReadAsync(Collection, artifact, stop) is not { } document)
            {
                await WriteAsync(new Write(Collection, artifact, Records.Body(now)), stop);
                continue;
            }
            var built = Records.Read<Dictionary<string, string>>(document);
            string[] changed =
            [
                .. built
                    .Where(file => now.GetValueOrDefault(file.Key) != file.Value)
                    .Select(file => $"{file.Key} {(now.ContainsKey(file.Key) ? "has other content" : "is gone")}")
                    .Order(StringComparer.Ordinal),
            ];
            if (changed.Length > 0)
            {
                found.Add(Of(artifact, name, changed));
            }
        }
        foreach (var gone in (await store.ListAsync(Collection, "", stop)).Where(one => !live.ContainsKey(one.Key)))
        {
            await WriteAsync(new Write(Collection, gone.Key, Body: null), stop);
        }
        return found;
    }

    private static Finding Of(string artifact, string name, string[] changed) =>
        FindingBook.New(
            "release-changed",
            artifact,
            Gravity.High,
            $"{changed.Length} files of {name} are not as they were built",
            "Nobody changes files of a release. Deploy it anew from its source, and look who can write to the state folder."
        ) with
        {
            Evidence = [.. changed.Take(20)],
        };

    // By artifact: which part of which site runs from it.
    private async Task<Dictionary<string, string>> ArtifactsAsync(CancellationToken stop)
    {
        Dictionary<string, string> live = [];
        foreach (var record in (await store.ListAsync(Records.Sites, "", stop)).Select(Records.Read<SiteRecord>))
        {
            if (
                record.Live is { } number
                && await store.ReadAsync(Records.Releases, Memory.ReleaseKey(record.Site, number), stop) is { } release
            )
            {
                foreach (var service in Records.Read<Release>(release).Services)
                {
                    live[service.Artifact] = $"{service.Part} of {record.Site}";
                }
            }
        }
        return live;
    }

    private async Task WriteAsync(Write write, CancellationToken stop) =>
        await store.CommitAsync(new Change(fence()) { Writes = [write] }, stop);
}
