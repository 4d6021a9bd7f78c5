using System.Text.Json.Serialization;

namespace Fairlead.Model.Security.Scanning;

/// <summary>What is looked for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScanKind>))]
public enum ScanKind
{
    /// <summary>Known weaknesses of packages.</summary>
    [JsonStringEnumMemberName("dependencies")]
    Dependencies,

    /// <summary>Passwords, keys and tokens in files.</summary>
    [JsonStringEnumMemberName("secrets")]
    Secrets,

    /// <summary>Settings that open a door.</summary>
    [JsonStringEnumMemberName("config")]
    Config,

    /// <summary>Terms of packages.</summary>
    [JsonStringEnumMemberName("licences")]
    Licences,

    /// <summary>Viruses and the like.</summary>
    [JsonStringEnumMemberName("malware")]
    Malware,
}

/// <summary>What a scan knows in the end. There is no fourth: without data nothing is clean.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Coverage>))]
public enum Coverage
{
    /// <summary>Something was found.</summary>
    [JsonStringEnumMemberName("found")]
    Found,

    /// <summary>All of it was looked at with data that are fresh, and nothing was found.</summary>
    [JsonStringEnumMemberName("clean")]
    Clean,

    /// <summary>Nothing was found, but not all could be looked at: the data are missing or old, or a file could not be read.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,
}

/// <summary>Something that should be mended.</summary>
/// <param name="Rule">What found it: an advisory's id or a rule's name, by which it is waived.</param>
/// <param name="Where">File and line, such as <c>api/package-lock.json:12</c>.</param>
/// <param name="What">What it is, without the secret itself.</param>
/// <param name="Why">What somebody could do with it.</param>
/// <param name="Fix">What to do now.</param>
public sealed record Finding(
    ScanKind Kind,
    string Rule,
    Severity Severity,
    string Where,
    string What,
    string Why,
    string Fix
)
{
    /// <summary>Other names of the rule, such as the CVE.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The package it is about, as its purl.</summary>
    public string? Component { get; init; }

    /// <summary>The first version without it; null where there is none, or it is not about a version.</summary>
    public string? FixedIn { get; init; }

    /// <summary>When it became known to all.</summary>
    public DateTimeOffset? Published { get; init; }

    /// <summary>It is of a package that was made to do harm.</summary>
    public bool IsMalicious { get; init; }

    public bool IsCalled(string id) =>
        string.Equals(Rule, id, StringComparison.OrdinalIgnoreCase)
        || Aliases.Contains(id, StringComparer.OrdinalIgnoreCase);

    /// <summary>The same thing at the same place has the same key, whatever else is found.</summary>
    public string Key() => $"{Rule} {Component ?? Where}";
}

/// <summary>What one kind of scan found.</summary>
/// <param name="Unknown">What could not be looked at and why, each a sentence.</param>
/// <param name="Looked">How many things were looked at: files, packages.</param>
public sealed record ScanPart(ScanKind Kind, IReadOnlyList<Finding> Findings, IReadOnlyList<string> Unknown, int Looked)
{
    public Coverage Coverage =>
        Findings.Count > 0 ? Coverage.Found
        : Unknown.Count > 0 ? Coverage.Unknown
        : Coverage.Clean;
}
