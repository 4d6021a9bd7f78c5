using Fairlead.Engine.Deploying;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Responding.Incidents;

/// <summary>What changed before it began, the likeliest cause first.</summary>
public sealed class SuspectsTests
{
    private static readonly Site Shop = new("shop", "production");

    [Fact]
    public void The_release_that_changed_what_is_hurt_comes_first() =>
        Assert.Equal(
            [
                "98 release 42 went live It brought a new version of api, 10 min before it began.",
                "74 a rollback to 40 went live It went live 5 min before it began.",
                "59 DB_URL was set A secret was changed 60 s before it began.",
                "32 api has 5 replicas The number of replicas was changed 60 min before it began.",
            ],
            Of(
                [Deployed("a", 42, -600), Deployed("b", 40, -300) with { IsRollback = true }],
                [Line("secret", "DB_URL was set", -60), Line("scaled", "api has 5 replicas", -3600)]
            )
        );

    [Fact]
    public void Of_two_that_are_alike_the_later_comes_first() =>
        Assert.Equal(
            ["59 second", "59 first"],
            Of([], [Line("secret", "first", -60), Line("secret", "second", -59)]).Select(Head)
        );

    [Fact]
    public void What_is_older_than_two_hours_or_came_after_is_not_suspected() =>
        Assert.Equal(
            ["60 just after", "60 at the bound"],
            Of(
                    [Deployed("a", 1, -7201), Deployed("b", 2, 31), Deployed("c", 3, null)],
                    [
                        Line("secret", "too old", -7201),
                        Line("secret", "at the bound", 0),
                        Line("secret", "just after", 30),
                        Line("secret", "too late", 31),
                    ]
                )
                .Select(Head)
        );

    [Fact]
    public void What_never_went_live_and_what_changes_nothing_is_not_suspected() =>
        Assert.Empty(
            Of(
                [Deployed("a", 42, -60) with { Phase = DeploymentPhase.Aborted }],
                [Line("alert", "A fires", -60), Line("incident", "x", -60), Line("requested", "x", -60)]
            )
        );

    [Fact]
    public void Ten_are_enough() =>
        Assert.Equal(10, Of([], [.. Enumerable.Range(0, 50).Select(one => Line("access", $"{one}", -one))]).Count);

    private static IReadOnlyList<string> Of(
        IReadOnlyList<Deployment> deployments,
        IReadOnlyList<JournalEntry> journal
    ) =>
        [
            .. Suspects
                .Of(deployments, release => release == 42 ? ["api", "pay"] : ["pay"], journal, ["api"], Words.Noon)
                .Select(one => $"{one.Score} {one.What} {one.Why}"),
        ];

    private static Deployment Deployed(string id, int release, double? endedAt) =>
        new()
        {
            Id = id,
            Site = Shop,
            Release = release,
            RequestedAt = Words.At(-9000),
            Deadline = Words.At(900),
            Phase = DeploymentPhase.Promoted,
            EndedAt = endedAt is { } second ? Words.At(second) : null,
        };

    private static JournalEntry Line(string kind, string text, double second) =>
        new(1, Words.At(second), Shop, null, kind, text, null, "");

    private static string Head(string line) =>
        line.Contains(" A secret", StringComparison.Ordinal)
            ? line[..line.IndexOf(" A secret", StringComparison.Ordinal)]
            : line;
}
