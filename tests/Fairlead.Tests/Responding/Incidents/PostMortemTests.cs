using System.Runtime.CompilerServices;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Model.Apps;
using Fairlead.Model.Incidents;

namespace Fairlead.Tests.Responding.Incidents;

/// <summary>Drafts of post-mortems, as files that a person can read. To take new ones, run once with FAIRLEAD_GOLDEN=write.</summary>
public sealed class PostMortemTests
{
    private static readonly Incident Short = new()
    {
        Number = 3,
        Title = "The edge is full",
        StartedAt = Words.At(0),
        DetectedAt = Words.At(4),
        OpenedBy = "ana",
    };

    private static readonly Incident Long = new()
    {
        Number = 7,
        Site = new Site("shop", "production"),
        Title = "api failed 40 requests",
        Severity = Severity.Critical,
        State = IncidentState.Resolved,
        StartedAt = Words.At(0),
        DetectedAt = Words.At(1.5),
        AcknowledgedAt = Words.At(95),
        MitigatedAt = Words.At(600),
        ResolvedAt = Words.At(9000),
        OpenedBy = "fairlead",
        Commander = "ana",
        Services = ["api", "pay"],
        Impact = new(1200, 40),
        Suspects =
        [
            new(Words.At(-60), "release 42 went live", "It brought a new version of api.", 98)
            {
                Release = 42,
                Deployment = "d42",
            },
            new(Words.At(-3600), "DB_URL was set", "A secret was changed.", 50),
        ],
        Rollback = new(42, 41, RollbackState.Done, "release 42 went live") { Deployment = "d43" },
        Timeline =
        [
            new(Words.At(0), "alert", "ServiceErrors fires: api failed 40 requests", "fairlead"),
            new(Words.At(-30), "note", "Somebody wrote before", "ben"),
            new(Words.At(9000), "state", "Resolved.", "ana"),
        ],
        FollowUps =
        [
            new(1, "Test the empty basket", "ben", new DateOnly(2026, 12, 24), IsDone: true),
            new(2, "Write it down", null, null, IsDone: false),
        ],
    };

    private static readonly Incident Hostile = Short with
    {
        Title = "a | b\n# c <script>alert(1)</script> [x](javascript:1) \u001b[31m",
        Commander = "ana | ben\n",
        Services = ["a|b"],
        Timeline = [new(Words.At(0), "note", "x | y\n| z | <img src=x>", "e|f")],
        FollowUps = [new(1, "- [ ] not\n- [x] one", "g", null, IsDone: false)],
        Impact = new(0, 0),
    };

    [Theory]
    [InlineData("short")]
    [InlineData("long")]
    [InlineData("hostile")]
    public void Is_drafted_from_what_is_known(string name)
    {
        var incident = name switch
        {
            "short" => Short,
            "long" => Long,
            _ => Hostile,
        };
        var path = Path.Combine(Here(), "Golden", $"postmortem-{name}.md");
        var text = PostMortem.Of(incident, Words.At(10_000));
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            return;
        }
        Assert.Equal(File.ReadAllText(path), text);
    }

    [Fact]
    public void Nothing_that_somebody_wrote_breaks_a_row_or_becomes_a_tag()
    {
        var lines = PostMortem.Of(Hostile, Words.At(0)).Split('\n');

        Assert.Single(lines, one => one.StartsWith("# ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, one => one.Contains('<', StringComparison.Ordinal));
        Assert.All(
            lines.Where(one => one.StartsWith("| Led by", StringComparison.Ordinal)),
            one => Assert.Equal("| Led by | ana \\| ben |", one)
        );
        Assert.Single(lines, one => one.StartsWith("- [", StringComparison.Ordinal));
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
