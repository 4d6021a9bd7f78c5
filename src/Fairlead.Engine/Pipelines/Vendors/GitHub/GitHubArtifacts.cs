using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Pipelines.Vendors.GitHub;

/// <summary>Which jobs upload artifacts, and from where.</summary>
internal sealed class GitHubArtifacts
{
    private readonly List<(string Job, string Name, string Folder)> uploads = [];

    public GitHubArtifacts(Node.Mapping jobs)
    {
        foreach (var job in jobs.Entries)
        {
            foreach (var step in Foreign.Items(Foreign.Find(job.Value, "steps")))
            {
                if (Action(step) == "actions/upload-artifact")
                {
                    var with = Foreign.Find(step, "with");
                    uploads.Add(
                        (
                            job.Key,
                            Foreign.Text(Foreign.Find(with, "name")) ?? "artifact",
                            Folders.Common(Globs(Foreign.Find(with, "path")))
                        )
                    );
                }
            }
        }
    }

    /// <summary>Without its version; null when a step is none.</summary>
    public static string? Action(Node? step) =>
        Foreign.Text(Foreign.Find(step, "uses"))?.Split('@')[0].TrimEnd('/').ToLowerInvariant();

    /// <summary>Paths to upload, as globs: a folder is all in it.</summary>
    public static IReadOnlyList<string> Globs(Node? path) =>
        [
            .. (Foreign.Text(path) ?? "")
                .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(static one => one.StartsWith("./", StringComparison.Ordinal) ? one[2..] : one)
                .Select(static one => one.EndsWith('/') ? $"{one}**" : one),
        ];

    /// <summary>The jobs whose artifacts a download takes, when each is laid where it was made; null when it is not so.</summary>
    public IReadOnlyList<string>? LaidBack(Node? with)
    {
        var name = Foreign.Text(Foreign.Find(with, "name"));
        var pattern = Foreign.Text(Foreign.Find(with, "pattern"));
        var path = (Foreign.Text(Foreign.Find(with, "path")) ?? ".").TrimEnd('/');
        path = path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
        var taken = uploads
            .Where(one =>
                name is not null
                    ? one.Name == name
                    : pattern is ['*'] or [.., '*']
                        && Foreign.IsTrue(Foreign.Find(with, "merge-multiple"))
                        && one.Name.StartsWith(pattern[..^1], StringComparison.Ordinal)
            )
            .ToList();
        return taken.Count > 0 && taken.TrueForAll(one => one.Folder == path)
            ? [.. taken.Select(static one => one.Job)]
            : null;
    }
}
