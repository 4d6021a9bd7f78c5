using System.Globalization;

namespace Fairlead.Bench.Pipelines;

/// <summary>
/// A task whose outputs are a tree of 14,000 files, as folders of packages are: put back by <c>fairlead ci run</c>, looked at when nothing is to be done, and
/// beside them <c>cp -al</c>, which does nothing but give each file a further name. In turns.
/// </summary>
internal static class TreeBench
{
    private const int Rounds = 5;
    private const int Folders = 140;
    private const int FilesEach = 100;

    private static readonly int[] Sizes = [320, 1_536, 4_096, 8_960, 19_968, 80_000];

    public static void Run()
    {
        var folder = Directory.CreateTempSubdirectory("fairlead-tree-").FullName;
        var state = $"{folder}-state";
        try
        {
            Write(folder);
            var output = Path.Combine(folder, "out");
            string[] words = [.. PipelineBench.Ours, "ci", "run", "--quiet", "--state", state];
            _ = PipelineBench.Time(folder, words);
            var (restore, idle, link) = (new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                PipelineBench.Remove(output);
                restore.Add(PipelineBench.Time(folder, words));
                idle.Add(PipelineBench.Time(folder, words));
                link.Add(PipelineBench.Time(folder, ["cp", "-al", "out", "again"]));
                PipelineBench.Remove(Path.Combine(folder, "again"));
            }
            Console.WriteLine();
            Console.WriteLine("| a tree of 14,000 files, median of 5 | restored | nothing to do | `cp -al` |");
            Console.WriteLine("| --- | --- | --- | --- |");
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| fairlead ci run | {PipelineBench.Median(restore):0.00} s | {PipelineBench.Median(idle):0.00} s | {PipelineBench.Median(link):0.00} s |"
                )
            );
        }
        finally
        {
            PipelineBench.Remove(folder);
            PipelineBench.Remove(state);
        }
    }

    // The task copies what lies there: making the bytes is not what is measured.
    private static void Write(string folder)
    {
        for (var at = 0; at < Folders; at++)
        {
            var place = Path.Combine(folder, "from", $"package{at}", "lib");
            Directory.CreateDirectory(place);
            for (var file = 0; file < FilesEach; file++)
            {
                var number = (at * FilesEach) + file;
                File.WriteAllText(
                    Path.Combine(place, $"{file}.js"),
                    new string((char)('a' + (number % 26)), Sizes[number % Sizes.Length]) + number
                );
            }
        }
        File.WriteAllText(
            Path.Combine(folder, "fairlead.pipeline.yaml"),
            "jobs: { install: { run: cp -r from out, inputs: [version], outputs: [out/**] } }\n"
        );
        File.WriteAllText(Path.Combine(folder, "version"), "1");
    }
}
