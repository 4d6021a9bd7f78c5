using Fairlead.Drivers.Pipelines;

namespace Fairlead.Tests.Drivers.Pipelines;

public sealed class OpeningsTests : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fl-openings-");

    public OpeningsTests()
    {
        foreach (var path in (string[])["read", "deep/er/read", "left", "written", ".git/config", "state/key"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
            File.WriteAllText(PathOf(path), path);
        }
    }

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public void Files_that_were_there_and_are_read_are_seen_and_no_others()
    {
        using var openings = new Openings(root.FullName, PathOf("state"));
        File.ReadAllText(PathOf("read"));
        File.ReadAllText(PathOf("deep/er/read"));
        File.ReadAllText(PathOf(".git/config"));
        File.ReadAllText(PathOf("state/key"));
        File.WriteAllText(PathOf("written"), "again");
        File.WriteAllText(PathOf("made"), "new");
        File.ReadAllText(PathOf("made"));
        Directory.CreateDirectory(PathOf("new"));
        File.WriteAllText(PathOf("new/made"), "new");
        File.ReadAllText(PathOf("new/made"));
        _ = File.Exists(PathOf("left"));

        var seen = openings.End();
        Assert.Equal(["deep/er/read", "read"], seen.Read);
        Assert.True(seen.IsWhole);
    }

    [Fact]
    public void Many_reads_are_all_seen()
    {
        string[] files = [.. Enumerable.Range(0, 5_000).Select(static one => $"{one:0000}")];
        foreach (var file in files)
        {
            File.WriteAllText(PathOf(file), "x");
        }
        using var openings = new Openings(root.FullName, PathOf("state"));
        Parallel.ForEach(files, one => File.ReadAllText(PathOf(one)));
        var seen = openings.End();
        Assert.Equal((files.Length, true), (seen.Read.Count, seen.IsWhole));
    }

    private string PathOf(string path) => Path.Combine(root.FullName, path);
}
