namespace Fairlead.Engine.Manifests.Detecting.Clues;

/// <summary>An app's own source lines that do something: small files, no tests, no comments, a bounded amount of them.</summary>
internal static class SourceText
{
    private const int FilesMax = 200;
    private const int CharactersMax = 2 * 1024 * 1024;
    private const int FileCharactersMax = 64 * 1024;

    private static readonly HashSet<string> Elsewhere = new(StringComparer.OrdinalIgnoreCase)
    {
        "test",
        "tests",
        "__tests__",
        "spec",
        "specs",
        "e2e",
        "example",
        "examples",
        "docs",
        "public",
        "static",
        "assets",
        "wwwroot",
        "migrations",
        "scripts",
        "client",
        "frontend",
        "ClientApp",
    };

    public static IEnumerable<(string Path, int Line, string Text)> Lines(Sight sight, Sources sources)
    {
        var left = CharactersMax;
        foreach (var file in sight.Files.Where(file => IsSource(file, sources)).Take(FilesMax))
        {
            var lines = sight.Lines(file);
            var length = lines.Sum(line => line.Length);
            if (length > FileCharactersMax)
            {
                continue;
            }
            left -= length;
            if (left < 0)
            {
                yield break;
            }
            for (var at = 0; at < lines.Count; at++)
            {
                if (!Reading.Text.IsComment(lines[at]))
                {
                    yield return (file, at + 1, lines[at]);
                }
            }
        }
    }

    private static bool IsSource(string file, Sources sources) =>
        sources.Endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal))
        && !file.Split('/').SkipLast(1).Any(Elsewhere.Contains)
        && !IsTest(Paths.Stem(file));

    private static bool IsTest(string stem) =>
        stem.EndsWith("_test", StringComparison.Ordinal)
        || stem.EndsWith(".test", StringComparison.Ordinal)
        || stem.EndsWith(".spec", StringComparison.Ordinal)
        || stem.EndsWith("Tests", StringComparison.Ordinal)
        || stem.StartsWith("test_", StringComparison.Ordinal);
}
