using Fairlead.Engine.Pipelines.Vendors.CircleCi;
using Fairlead.Engine.Pipelines.Vendors.GitHub;
using Fairlead.Engine.Pipelines.Vendors.GitLab;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors;

/// <summary>CI systems whose files are read or written. One more is its files and its line here.</summary>
public static class AllVendors
{
    public static IReadOnlyList<Vendor> All { get; } =
    [
        new("circleci", ".circleci/config.yml", CircleExport.Run, Read: null),
        new("github", ".github/workflows/{0}.yml", GitHubExport.Run, GitHubImport.Run),
        new("gitlab", ".gitlab-ci.yml", GitLabExport.Run, GitLabImport.Run),
    ];

    public static Vendor? Find(string name) => All.FirstOrDefault(one => one.Name == name);

    /// <summary>The system whose file this is, by its path; null when nothing tells.</summary>
    public static Vendor? Of(string path) =>
        Path.GetFileName(path).Contains("gitlab-ci", StringComparison.Ordinal) ? Find("gitlab")
        : path.Contains(".github/workflows/", StringComparison.Ordinal) ? Find("github")
        : path.Contains(".circleci/", StringComparison.Ordinal) ? Find("circleci")
        : null;
}

/// <summary>One CI system.</summary>
/// <param name="Path">Where its file stands in a repository; {0} is the pipeline's name.</param>
/// <param name="Write">A pipeline as its file.</param>
/// <param name="Read">The pipeline that a file says; the second text is how the file is called. Null where files are only written.</param>
public sealed record Vendor(
    string Name,
    string Path,
    Func<Pipeline, ExportMode, ExportedPipeline> Write,
    Func<string, string, ImportedPipeline>? Read
);
