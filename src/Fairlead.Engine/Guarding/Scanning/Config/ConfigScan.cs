using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Guarding.Scanning.Config;

/// <summary>Settings in files that open a door. Pure: from a file's text to findings.</summary>
internal static class ConfigScan
{
    /// <summary>What a file is about; null for one that is not looked at.</summary>
    public static Func<string, string, Seen>? ReaderOf(string path)
    {
        var file = path[(path.LastIndexOf('/') + 1)..];
        return file switch
        {
            "Dockerfile" or "Containerfile" => DockerfileRules.Look,
            _ when file.StartsWith("Dockerfile.", StringComparison.Ordinal)
                    || file.EndsWith(".dockerfile", StringComparison.OrdinalIgnoreCase) => DockerfileRules.Look,
            "fairlead.yaml" => ManifestRules.Look,
            _ when file.EndsWith(".tf", StringComparison.Ordinal) => TerraformRules.Look,
            "docker-compose.yml" or "docker-compose.yaml" or "compose.yml" or "compose.yaml" => ComposeRules.Look,
            _ when file.StartsWith("docker-compose.", StringComparison.Ordinal) && IsYaml(file) => ComposeRules.Look,
            _ when IsYaml(file) => KubernetesRules.Look,
            _ => null,
        };
    }

    private static bool IsYaml(string file) =>
        file.EndsWith(".yaml", StringComparison.Ordinal) || file.EndsWith(".yml", StringComparison.Ordinal);
}

/// <summary>What was seen in one file.</summary>
/// <param name="Unknown">Why it could not be looked at; null when it was.</param>
/// <param name="IsOne">Whether it is a file of its kind at all: not every YAML file is a manifest of Kubernetes.</param>
internal sealed record Seen(IReadOnlyList<Finding> Findings, string? Unknown = null, bool IsOne = true)
{
    public static Seen Nothing { get; } = new([], IsOne: false);
}

/// <summary>Gathers findings of one file.</summary>
internal sealed class Notes(string path)
{
    private const int FindingsMax = 200;

    private readonly List<Finding> findings = [];

    public void Add(Rule rule, int line, string? what = null)
    {
        if (
            findings.Count < FindingsMax
            && !findings.Exists(one => one.Rule == rule.Id && one.Where == $"{path}:{line}")
        )
        {
            findings.Add(
                new(ScanKind.Config, rule.Id, rule.Severity, $"{path}:{line}", what ?? rule.What, rule.Why, rule.Fix)
            );
        }
    }

    public Seen Seen() => new(findings);
}

/// <summary>A rule about settings.</summary>
/// <param name="Id">Such as <c>docker-root</c>; never renamed once shipped.</param>
internal sealed record Rule(string Id, Severity Severity, string What, string Why, string Fix);
