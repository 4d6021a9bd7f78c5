using System.Runtime.CompilerServices;

namespace Fairlead.Scenarios.Agents.A2a;

/// <summary>Each requirement of A2A 1.0 by the id that the protocol's own test kit gives it. docs/reference/a2a-requirements.md is the table of them.</summary>
public sealed partial class A2aRequirements(A2aPeer peer) : IClassFixture<A2aPeer>
{
    // When it is first asked for: its parts are in other files, whose order nobody promises.
    private static Dictionary<string, Func<A2aPeer, Task>> Cases =>
        field ??= new[] { Core, Conversations, Streams, Pushes, Cards, Bindings }
            .SelectMany(static one => one)
            .ToDictionary(static one => one.Key, static one => one.Value, StringComparer.Ordinal);

    public static TheoryData<string> Ids => new(Cases.Keys);

    [Theory]
    [MemberData(nameof(Ids))]
    public Task It_holds(string id) => Cases[id](peer);

    [Fact]
    public void The_table_names_what_is_tested_and_says_of_everything_else_why_it_is_not()
    {
        var page = File.ReadAllLines(Path.Combine(Here(), "../../../../docs/reference/a2a-requirements.md"));
        var rows = page.Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(static line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToList();
        Assert.Equal(
            Cases.Keys.Order(StringComparer.Ordinal),
            rows.Where(static one => one[3] == "tested")
                .Select(static one => one[1].Trim('`'))
                .Order(StringComparer.Ordinal)
        );
        Assert.All(rows, static one => Assert.NotEmpty(one[3]));
        Assert.Equal(rows.Count, rows.DistinctBy(static one => one[1]).Count());
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
