using Fairlead.Drivers.Pipelines;
using Fairlead.Drivers.State;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Drivers.Pipelines;

public sealed class RunArchiveTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fl-archive-");

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public void Runs_of_all_folders_are_found_newest_first_with_what_they_say()
    {
        var (shop, blog) = (Shelf("shop"), Shelf("blog"));
        var first = Write(shop, "r1", "ci", Noon, "hello\nworld\n");
        Write(blog, "r2", "site", Noon.AddMinutes(1), "");
        var archive = new RunArchive(State);

        var all = archive.All(10);

        Assert.Equal(
            [("r2", FolderOf("blog")), ("r1", FolderOf("shop"))],
            all.Select(static one => (one.Record.Id, one.Folder))
        );
        Assert.Equal(("r1", null), (archive.Find("r1")?.Record.Id, archive.Find("../r1")));
        Assert.Equal(["build"], all[1].Record.Needs["test (node: 22)"]);
        Assert.Equal(first.Took, all[1].Record.Took);
        Assert.Equal(["hello", "world"], archive.Lines(all[1], "test (node: 22)", "unit", 10));
        Assert.Equal(["world"], archive.Lines(all[1], "test (node: 22)", "unit", 1));
        Assert.Empty(archive.Lines(all[1], "../../../key", "unit", 10));
    }

    [Fact]
    public void Of_a_task_that_wrote_very_much_the_end_is_read()
    {
        Write(
            Shelf("shop"),
            "r1",
            "ci",
            Noon,
            string.Concat(Enumerable.Range(0, 200_000).Select(static one => $"{one}\n"))
        );

        var archive = new RunArchive(State);
        var lines = archive.Lines(archive.All(1)[0], "test (node: 22)", "unit", 2_000);

        Assert.Equal((2_000, "199999"), (lines.Count, lines[^1]));
    }

    [Fact]
    public void What_is_damaged_or_not_there_is_left_out()
    {
        Assert.Empty(new RunArchive(State).All(10));
        Write(Shelf("shop"), "r1", "ci", Noon, "");
        var record = Directory.EnumerateFiles(root.FullName, "record", SearchOption.AllDirectories).Single();
        File.WriteAllText(record, "\0\0\0garbage\tbegin");

        Assert.Empty(new RunArchive(State).All(10));
    }

    private StateFolder State => new(Path.Combine(root.FullName, "state"));

    private string FolderOf(string name) => Path.Combine(root.FullName, name);

    private IRunShelf Shelf(string name)
    {
        Directory.CreateDirectory(FolderOf(name));
        return new LocalPipelines(State, FolderOf(name), new World(TimeProvider.System, new Random(1))).Shelf;
    }

    private static RunRecord Write(IRunShelf shelf, string id, string pipeline, DateTimeOffset began, string lines)
    {
        var run = new RunRecord(id, pipeline, began, "main", "s")
        {
            Needs = new Dictionary<string, IReadOnlyList<string>> { ["test (node: 22)"] = ["build"] },
            Took = TimeSpan.FromSeconds(3),
        };
        shelf.Begin(run);
        shelf.Start(run, "test (node: 22)", "unit");
        File.WriteAllText(shelf.LogOf(run, "test (node: 22)", "unit"), lines);
        shelf.End(run, new("test (node: 22)", "unit", TaskOutcome.Ran, TimeSpan.Zero, TimeSpan.FromSeconds(2), "ran"));
        shelf.Close(run, run.Took!.Value);
        return run;
    }
}
