using System.Text.Json;
using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Roles.Edge;
using Microsoft.Extensions.Logging.Abstractions;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Tests.Edge;

public sealed class RoutingFileTests : IDisposable
{
    private static readonly SavedRoutings Good = SavedRoutings.None.With(
        Routing(Backend(41, 90, 5001) with { PreviewHost = "old.example" }, Backend(42, 10, 5002)),
        new Fence(4)
    );

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_is_saved_is_loaded()
    {
        Open().Save(Good);
        Assert.Equal(JsonSerializer.Serialize(Good, Wire.Json), JsonSerializer.Serialize(Open().Load(), Wire.Json));
        Assert.Equal(["routing.json"], Names());
    }

    [Fact]
    public void A_file_torn_at_any_place_is_kept_aside_and_the_edge_starts_empty()
    {
        var whole = JsonSerializer.Serialize(Good, Wire.Json);
        for (var length = 0; length < whole.Length; length += 17)
        {
            folder.Write("routing.json", whole[..length]);
            Assert.Equal(SavedRoutings.None, Open().Load());
            Assert.Equal(["routing.json.damaged"], Names());
            Assert.Equal(whole[..length], File.ReadAllText(Path.Combine(folder.Path, "routing.json.damaged")));
        }
    }

    [Theory]
    [InlineData("\0\0\0\0\0\0\0\0")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"fence":1,"routings":[null]}""")]
    [InlineData("""{"fence":1,"routings":[{"site":null,"hosts":[],"services":[]}]}""")]
    [InlineData("""{"fence":1,"routings":[{"site":{"app":"A/B","environment":"x"},"hosts":[],"services":[]}]}""")]
    public void A_file_with_holes_is_damaged_too(string text)
    {
        folder.Write("routing.json", text);
        Assert.Equal(SavedRoutings.None, Open().Load());
        Assert.Equal(["routing.json.damaged"], Names());
    }

    [Fact]
    public void What_a_crash_left_half_written_is_not_looked_at()
    {
        Open().Save(Good);
        folder.Write("routing.json.new", """{"fence":5,"rou""");
        Assert.Equal(4, Open().Load().Fence);
        Open().Save(Good with { Fence = 6 });
        Assert.Equal(6, Open().Load().Fence);
    }

    [Fact]
    public void A_place_that_takes_no_files_is_said_so()
    {
        var file = folder.Write("taken", "");
        var caught = Assert.Throws<ProblemException>(() => new RoutingFile(file, NullLogger.Instance).Save(Good));
        Assert.Equal("edge.not-saved", caught.Problem.Code);
    }

    private RoutingFile Open() => new(folder.Path, NullLogger.Instance);

    private string?[] Names() => [.. Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order()];
}
