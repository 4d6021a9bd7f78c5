using System.Text;
using System.Text.Json.Serialization;

namespace Fairlead.Model.Security.Scanning;

/// <summary>Where packages of one kind come from; each has its own names and its own order of versions.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Ecosystem>))]
public enum Ecosystem
{
    [JsonStringEnumMemberName("npm")]
    Npm,

    [JsonStringEnumMemberName("NuGet")]
    NuGet,

    [JsonStringEnumMemberName("PyPI")]
    PyPI,

    [JsonStringEnumMemberName("Go")]
    Go,

    [JsonStringEnumMemberName("crates.io")]
    Crates,

    [JsonStringEnumMemberName("Maven")]
    Maven,

    [JsonStringEnumMemberName("Packagist")]
    Packagist,

    [JsonStringEnumMemberName("RubyGems")]
    RubyGems,

    [JsonStringEnumMemberName("Debian")]
    Debian,
}

/// <summary>A package in one version that a program is made of.</summary>
/// <param name="Name">As its ecosystem writes it: <c>@scope/name</c>, <c>group:artifact</c>, <c>vendor/name</c>.</param>
/// <param name="Version">Exact, as the lock file has it.</param>
public sealed record Component(Ecosystem Ecosystem, string Name, string Version)
{
    /// <summary>The file that names it, relative to the folder that was scanned.</summary>
    public string File { get; init; } = "";

    /// <summary>Counted from 1; 0 where the file's format has no lines.</summary>
    public int Line { get; init; }

    /// <summary>Only for developing and testing, as far as the file says.</summary>
    public bool IsDevelopment { get; init; }

    /// <summary>SPDX names or expressions, where the file says them.</summary>
    public IReadOnlyList<string> Licences { get; init; } = [];

    /// <summary>A digest of its content, such as <c>sha512-...</c>, as the file writes it.</summary>
    public string? Integrity { get; init; }

    /// <summary>Release of the distribution, such as <c>12</c>; for packages of a distribution alone.</summary>
    public string? Distribution { get; init; }

    /// <summary>Name of the source package it was built from, where that is another one: Debian's advisories speak of it.</summary>
    public string? SourceName { get; init; }

    /// <summary>Version of the source package, where that is another one.</summary>
    public string? SourceVersion { get; init; }

    /// <summary>What it needs, by <see cref="Key"/>; only what the same file resolves.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>The same package in the same version has the same key.</summary>
    [JsonIgnore]
    public string Key => $"{Name}@{Version}";

    /// <summary>Its package URL, such as <c>pkg:npm/%40scope/name@1.2.3</c> (purl-spec).</summary>
    public string Purl
    {
        get
        {
            var (type, path) = Ecosystem switch
            {
                Ecosystem.Npm => ("npm", Name),
                Ecosystem.NuGet => ("nuget", Name),
                Ecosystem.PyPI => ("pypi", Name.ToLowerInvariant().Replace('_', '-')),
                Ecosystem.Go => ("golang", Name),
                Ecosystem.Crates => ("cargo", Name),
                Ecosystem.Maven => ("maven", Name.Replace(':', '/')),
                Ecosystem.Packagist => ("composer", Name),
                Ecosystem.RubyGems => ("gem", Name),
                _ => ("deb", "debian/" + Name),
            };
            var text = new StringBuilder("pkg:").Append(type);
            foreach (var step in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                text.Append('/').Append(Uri.EscapeDataString(step));
            }
            text.Append('@').Append(Uri.EscapeDataString(Version).Replace("%3A", ":", StringComparison.Ordinal));
            return Distribution is { } release
                ? text.Append("?distro=debian-").Append(release).ToString()
                : text.ToString();
        }
    }

    public override string ToString() => $"{Name} {Version} ({Ecosystem})";
}

/// <summary>What one file says a program is made of.</summary>
/// <param name="Unread">What could not be read, each a sentence: components may be missing, so nothing here is ever clean.</param>
public sealed record Inventory(IReadOnlyList<Component> Components, IReadOnlyList<string> Unread)
{
    public static Inventory Of(IReadOnlyList<Component> components) => new(components, []);

    public static Inventory Nothing(string why) => new([], [why]);
}
