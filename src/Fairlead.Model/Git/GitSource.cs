using System.Text.Json.Serialization;
using Fairlead.Model.Apps;

namespace Fairlead.Model.Git;

/// <summary>A git repository from which an app is deployed: one branch to one environment, and others to previews.</summary>
public sealed record GitSource
{
    /// <summary>Unique; under the same rule as names of apps. A part of the webhook's address.</summary>
    public required string Name { get; init; }

    /// <summary>The only app that it may deploy, whatever the repository's manifest calls itself.</summary>
    public required string App { get; init; }

    /// <summary>https, ssh, or file and http where <see cref="IsInside"/> says so. Never with a password in it.</summary>
    public required string Url { get; init; }

    public required string Branch { get; init; }

    public required string Environment { get; init; }

    /// <summary>Where the manifest is, relative to the repository's top; <c>.</c> is the top.</summary>
    public string Folder { get; init; } = ".";

    /// <summary>Globs of files whose change is worth a deployment; empty for all.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Whether the repository's pipeline must end well before a commit is deployed.</summary>
    public bool RunsPipeline { get; init; }

    /// <summary>How often it is looked at without a webhook, give or take a tenth.</summary>
    public required TimeSpan Poll { get; init; }

    /// <summary>It stands on this machine or in a network of its owner's, who vouches for it.</summary>
    public bool IsInside { get; init; }

    /// <summary>Hosts beside its own that its submodules may come from.</summary>
    public IReadOnlyList<string> ModuleHosts { get; init; } = [];

    /// <summary>The secret, of the app in <see cref="Environment"/>, with which it is read and commented at; null for a repository that everybody may read.</summary>
    public string? TokenSecret { get; init; }

    /// <summary>The secret, of the app in <see cref="Environment"/>, with which webhooks are proven.</summary>
    public required string HookSecret { get; init; }

    /// <summary>What is told of deployments there; null for nothing.</summary>
    public ForgeAddress? Forge { get; init; }

    /// <summary>Null for no previews.</summary>
    public PreviewRules? Previews { get; init; }

    /// <summary>Who made it: a commit is deployed only while that one may.</summary>
    public required SourceMaker Maker { get; init; }

    /// <summary>It ends once its previews have: nothing is deployed from it any more.</summary>
    public bool IsLeaving { get; init; }

    [JsonIgnore]
    public Site Site => new(App, Environment);
}

/// <param name="Id">Of a person; empty for the owner of the state folder.</param>
public sealed record SourceMaker(string Id, string Name);

/// <summary>Which branches get an environment of their own.</summary>
public sealed record PreviewRules
{
    /// <summary>Patterns of branches, such as <c>feature/*</c>; <c>!</c> takes away again.</summary>
    public required IReadOnlyList<string> Branches { get; init; }

    /// <summary>The environment of the manifest that they are made like; also where their secrets are copied from.</summary>
    public required string Like { get; init; }

    /// <summary>Their host, with <c>{branch}</c> for the branch's slug and <c>{app}</c> for the app.</summary>
    public required string Host { get; init; }

    /// <summary>So long after its latest commit one ends.</summary>
    public required TimeSpan Ttl { get; init; }

    /// <summary>More than these there are never; the one whose latest commit is oldest ends first.</summary>
    public required int Max { get; init; }

    public DataPolicy Data { get; init; } = new(PreviewDataKind.None);
}

/// <summary>What becomes of data in a preview.</summary>
/// <param name="From">The environment whose data is copied; null when none is.</param>
public sealed record DataPolicy(PreviewDataKind Kind, string? From = null)
{
    /// <summary>Makes the data, once before the first deployment; program and arguments, no shell reads them.</summary>
    public IReadOnlyList<string> Prepare { get; init; } = [];

    /// <summary>Takes it away, when the preview is gone.</summary>
    public IReadOnlyList<string> CleanUp { get; init; } = [];

    /// <summary>As it is typed: <c>none</c>, <c>empty</c> or <c>copy-of:ENV</c>.</summary>
    public override string ToString() =>
        Kind switch
        {
            PreviewDataKind.Copy => $"copy-of:{From}",
            PreviewDataKind.Empty => "empty",
            _ => "none",
        };
}

/// <summary>Kinds of data of previews.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PreviewDataKind>))]
public enum PreviewDataKind
{
    /// <summary>Nothing is done about data.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>A command makes an empty place for it.</summary>
    [JsonStringEnumMemberName("empty")]
    Empty,

    /// <summary>A command copies that of another environment.</summary>
    [JsonStringEnumMemberName("copy")]
    Copy,
}

/// <summary>Where a repository's changes are discussed.</summary>
/// <param name="Api">Where its API is, such as <c>https://api.github.com</c>.</param>
/// <param name="Repository">As it is called there, such as <c>acme/shop</c>.</param>
public sealed record ForgeAddress(ForgeKind Kind, Uri Api, string Repository);

/// <summary>Kinds of places where repositories are.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ForgeKind>))]
public enum ForgeKind
{
    [JsonStringEnumMemberName("github")]
    GitHub,

    [JsonStringEnumMemberName("gitlab")]
    GitLab,

    /// <summary>Gitea and Forgejo.</summary>
    [JsonStringEnumMemberName("gitea")]
    Gitea,
}
