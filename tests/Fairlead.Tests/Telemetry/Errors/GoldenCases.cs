using System.Runtime.CompilerServices;

namespace Fairlead.Tests.Telemetry.Errors;

/// <summary>What libraries really sent, as files: the body, a line of dashes, what is made of it.</summary>
internal static class GoldenCases
{
    private const string Line = "\n----------\n";

    public static string Folder { get; } = Path.Combine(Here(), "Golden");

    public static IEnumerable<string> Names =>
        Directory
            .EnumerateFiles(Folder, "*.txt")
            .Select(Path.GetFileNameWithoutExtension)
            .OfType<string>()
            .Order(StringComparer.Ordinal);

    public static byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(Folder, file));

    public static string Body(string name) => File.ReadAllText(PathOf(name)).Split(Line)[0];

    /// <summary>Run once with FAIRLEAD_GOLDEN=write to take new answers, and read the difference.</summary>
    public static void Same(string name, string actual)
    {
        var parts = File.ReadAllText(PathOf(name)).Split(Line);
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            File.WriteAllText(PathOf(name), $"{parts[0]}{Line}{actual}");
            return;
        }
        Assert.Equal(parts.ElementAtOrDefault(1), actual);
    }

    private static string PathOf(string name) => Path.Combine(Folder, $"{name}.txt");

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
