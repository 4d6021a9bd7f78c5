using Fairlead.Drivers.Pipelines;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Drivers.Pipelines;

public sealed class RunShelfTests : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fl-shelf-");

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public void What_tasks_took_and_read_is_remembered()
    {
        var shelf = new RunShelf(root.FullName);
        shelf.Remember("ci", Known());
        var past = shelf.Past("ci");
        Assert.Equal(TimeSpan.FromMilliseconds(1234), past["build/build"].Took);
        Assert.Equal(Known()["build/build"].Key, past["build/build"].Key);
        Assert.Null(past["test/test"].Key);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("task build/build\t12")]
    [InlineData("task build/build\t12\tkeyed\npart nothing")]
    [InlineData("\0\0\0")]
    public void A_memory_that_was_damaged_is_forgotten(string text)
    {
        var shelf = new RunShelf(root.FullName);
        shelf.Remember("ci", Known());
        File.WriteAllText(Path.Combine(root.FullName, "ci", "past"), text);
        Assert.Empty(shelf.Past("ci"));
    }

    private static Dictionary<string, PastTask> Known() =>
        new()
        {
            ["build/build"] = new(new TaskKey([new("command", "make")]), TimeSpan.FromMilliseconds(1234)),
            ["test/test"] = new(null, TimeSpan.FromSeconds(1)),
        };
}
