using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Fairlead.Tests.Rules;

/// <summary>A threat model is believed only as far as its tests go, so each that it names must be there.</summary>
public sealed partial class ThreatRules
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "../../.."));

    [Fact]
    public void Every_test_that_the_threat_model_names_exists()
    {
        var page = File.ReadAllLines(Path.Combine(Root, "docs/security/threat-model.md"));
        var rows = page.Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2).ToList();
        var named = rows.Select(row => Named().Match(row)).ToList();
        Assert.All(rows.Zip(named), one => Assert.True(one.Second.Success, one.First));
        Assert.True(named.Count > 10);
        var files = Directory
            .EnumerateFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText)
            .ToList();
        string[] missing =
        [
            .. named
                .Where(one =>
                    !files.Exists(text =>
                        text.Contains($"class {one.Groups["class"].Value}", StringComparison.Ordinal)
                        && text.Contains($" {one.Groups["test"].Value}(", StringComparison.Ordinal)
                    )
                )
                .Select(one => one.Value),
        ];
        Assert.Empty(missing);
    }

    [GeneratedRegex(
        "`(?<class>[A-Z][A-Za-z]+)\\.(?<test>[A-Z][A-Za-z0-9_]+)` \\|$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Named();

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
