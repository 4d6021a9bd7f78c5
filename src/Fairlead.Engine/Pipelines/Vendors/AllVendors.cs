using Fairlead.Engine.Pipelines.Vendors.Azure;
using Fairlead.Engine.Pipelines.Vendors.CircleCi;
using Fairlead.Engine.Pipelines.Vendors.GitHub;
using Fairlead.Engine.Pipelines.Vendors.GitLab;
using Fairlead.Engine.Pipelines.Vendors.Jenkins;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors;

/// <summary>CI systems whose files are read or written. One more is its files and its line here.</summary>
public static class AllVendors
{
    public static IReadOnlyList<Vendor> All { get; } =
    [
        new("azure", "azure-pipelines.yml", AzureExport.Run, AzureImport.Run),
        new(
            "circleci",
            ".circleci/config.yml",
            CircleExport.Run,
            static (text, file, _) => CircleImport.Run(text, file)
        ),
        new(
            "github",
            ".github/workflows/{0}.yml",
            GitHubExport.Run,
            static (text, file, _) => GitHubImport.Run(text, file)
        ),
        new("gitlab", ".gitlab-ci.yml", GitLabExport.Run, GitLabImport.Run),
        new("jenkins", "Jenkinsfile", JenkinsExport.Run, static (text, file, _) => JenkinsImport.Run(text, file)),
    ];

    public static Vendor? Find(string name) => All.FirstOrDefault(one => one.Name == name);

    /// <summary>The system whose file this is, by its path; null when nothing tells.</summary>
    public static Vendor? Of(string path) =>
        Path.GetFileName(path).Contains("gitlab-ci", StringComparison.Ordinal) ? Find("gitlab")
        : path.Contains(".github/workflows/", StringComparison.Ordinal) ? Find("github")
        : Path.GetFileName(path).Contains("azure-pipelines", StringComparison.Ordinal) ? Find("azure")
        : Path.GetFileName(path).StartsWith("Jenkinsfile", StringComparison.Ordinal) ? Find("jenkins")
        : path.Contains(".circleci/", StringComparison.Ordinal) ? Find("circleci")
        : null;
}

/// <summary>One CI system.</summary>
/// <param name="Path">Where its file stands in a repository; {0} is the pipeline's name.</param>
/// <param name="Write">A pipeline as its file.</param>
/// <param name="Read">The pipeline that a file says.</param>
public sealed record Vendor(
    string Name,
    string Path,
    Func<Pipeline, ExportMode, ExportedPipeline> Write,
    ReadPipeline Read
);

/// <summary>The pipeline that a file says.</summary>
/// <param name="file">How it is called, for messages.</param>
/// <param name="other">
/// Another file of the repository that it includes, by its path from this one, or from the repository's folder with / before it.
/// Null when it is not there.
/// </param>
public delegate ImportedPipeline ReadPipeline(string text, string file, Func<string, string?> other);
