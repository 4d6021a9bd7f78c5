using System.Globalization;
using Fairlead.Model.Pipelines;

namespace Fairlead.Drivers.Pipelines;

/// <summary>Keeps what is known of a task's tests in a file. Lost or damaged, tests are parted as if they had never run.</summary>
/// <example><code>
/// fairlead-tests-1
/// time	1204000	file test/cart.test.js
/// split	9f86d0...	2
/// test	1	test/cart.test.js
/// </code></example>
internal static class TestShelf
{
    private const string Form = "fairlead-tests-1";
    private const int FilesMax = 200;
    private const int LinesMax = 200_000;

    public static PastTests Read(string path)
    {
        if (!File.Exists(path))
        {
            return PastTests.Nothing;
        }
        using var lines = File.ReadLines(path).Take(LinesMax).GetEnumerator();
        return lines.MoveNext() && lines.Current == Form
            ? TestText.Read(Rest(lines)) ?? PastTests.Nothing
            : PastTests.Nothing;
    }

    public static void Write(string path, PastTests tests)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        Forget(folder, path);
        var beside = string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}");
        File.WriteAllLines(beside, [Form, .. TestText.Lines(tests)]);
        File.Move(beside, path, overwrite: true);
    }

    // Names of tasks come and go with the pipeline.
    private static void Forget(string folder, string path)
    {
        if (File.Exists(path))
        {
            return;
        }
        foreach (
            var old in new DirectoryInfo(folder)
                .EnumerateFiles()
                .OrderByDescending(static one => one.LastWriteTimeUtc)
                .Skip(FilesMax - 1)
                .ToList()
        )
        {
            old.Delete();
        }
    }

    private static IEnumerable<string> Rest(IEnumerator<string> lines)
    {
        while (lines.MoveNext())
        {
            yield return lines.Current;
        }
    }
}
