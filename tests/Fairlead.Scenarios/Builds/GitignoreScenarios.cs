using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Fairlead.Drivers.Builds;

namespace Fairlead.Scenarios.Builds;

/// <summary>Thousands of made-up ignore files and paths: the real git is asked about each.</summary>
public sealed partial class GitignoreScenarios : IDisposable
{
    private static readonly string[] Pieces =
    [
        "a",
        "b",
        "ab",
        "*",
        "?",
        "**",
        "/",
        "/",
        "[ab]",
        "[!a]",
        "[a-c]",
        "a*",
        "*b",
        "\\a",
        ".x",
        "[[:alpha:]]",
        " ",
    ];
    private static readonly string[] Names = ["a", "b", "ab", "abc", ".x", "c", "a b"];

    private readonly string folder = Directory.CreateTempSubdirectory("fairlead-git-").FullName;

    [Fact]
    public void Our_reading_of_gitignore_is_gits()
    {
        const int seed = 20260301;
        var random = new Random(seed);
        Assert.SkipWhen(Git("init", "-q") is null, "git is not installed");
        var count = 0;
        for (var round = 0; round < 150; round++)
        {
            var rules = string.Join('\n', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pattern(random)));
            File.WriteAllText(Path.Combine(folder, ".gitignore"), rules);
            var paths = Enumerable.Range(0, 40).Select(_ => AnyPath(random)).Distinct(StringComparer.Ordinal).ToList();
            var expected = Ignored(paths);
            count += expected.Count;
            var ours = Gitignore.Parse(rules);
            var actual = paths.Where(path => IsIgnored(ours, path)).Order(StringComparer.Ordinal).ToList();
            Assert.True(
                expected.SequenceEqual(actual),
                $"seed {seed}, round {round}, rules:\n{rules}\ngit: {string.Join(" | ", expected)}\nours: {string.Join(" | ", actual)}"
            );
        }
        Assert.InRange(count, 500, 5_000);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // As the scan does it: what lies in an ignored folder is never asked for.
    private static bool IsIgnored(Gitignore rules, string path)
    {
        var parts = path.Split('/');
        return Enumerable
            .Range(1, parts.Length)
            .Any(length => rules.Ignores(parts.AsSpan(0, length), isFolder: length < parts.Length) == true);
    }

    private List<string> Ignored(List<string> paths) =>
        [
            .. (Git("check-ignore", "--no-index", "-z", "--stdin", input: string.Join('\0', paths)) ?? "")
                .Split('\0', StringSplitOptions.RemoveEmptyEntries)
                .Order(StringComparer.Ordinal),
        ];

    private static string Pattern(Random random)
    {
        var pattern = new StringBuilder(random.Next(4) == 0 ? "!" : "");
        for (var count = random.Next(1, 6); count > 0; count--)
        {
            pattern.Append(Pieces[random.Next(Pieces.Length)]);
        }
        // Git cuts off the letters before the first star, so its "x**/a" is like "x" before "**/a", against its own manual.
        return Mixed().Replace(pattern.ToString(), "*");
    }

    [GeneratedRegex(@"(?<=[^/!*])\*\*+|\*\*+(?=[^/*])|\*{3,}", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Mixed();

    private static string AnyPath(Random random) =>
        string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => Names[random.Next(Names.Length)]));

    private string? Git(string verb, string first, string? second = null, string? third = null, string? input = null)
    {
        var options = new ProcessStartInfo("git")
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var word in new[] { verb, first, second, third }.OfType<string>())
        {
            options.ArgumentList.Add(word);
        }
        options.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        try
        {
            using var git = Process.Start(options)!;
            git.StandardInput.Write(input ?? "");
            git.StandardInput.Close();
            var text = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return text;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
