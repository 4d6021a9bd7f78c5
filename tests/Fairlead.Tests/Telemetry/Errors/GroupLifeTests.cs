using Fairlead.Engine.Watching.Errors;
using Fairlead.Model.Apps;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Telemetry.Errors;

/// <summary>A group's life, from its first event to its return.</summary>
public sealed class GroupLifeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Counts_times_and_releases_follow_from_events_in_any_order()
    {
        var group = After(null, Seen(42, minute: 5), Seen(41, minute: 1), Seen(43, minute: 9), Seen(null, minute: 3));

        Assert.Equal(
            (4L, Noon.AddMinutes(1), Noon.AddMinutes(9), 41, 43),
            (group.Count, group.FirstSeen, group.LastSeen, group.FirstRelease, group.LastRelease)
        );
    }

    [Fact]
    public void A_user_who_is_hit_often_counts_once()
    {
        ErrorGroup? group = null;
        for (var i = 0; i < 1000; i++)
        {
            group = After(group, Seen(42) with { User = $"u{i % 100}" });
        }
        Assert.InRange(group!.Users.Count, 97, 103);
    }

    [Fact]
    public void What_was_fixed_at_once_is_back_with_the_next_event_but_not_with_a_late_one()
    {
        var resolved = GroupLife.Resolve(After(null, Seen(42)), release: null, Noon.AddMinutes(10));

        Assert.Equal(GroupStatus.Resolved, After(resolved, Seen(42, minute: 9)).Status);
        var back = After(resolved, Seen(43, minute: 11));
        Assert.Equal((GroupStatus.Regressed, 43), (back.Status, back.RegressedIn));
        Assert.True(GroupLife.IsNewIn(back, 43));
    }

    [Fact]
    public void What_was_fixed_in_a_release_is_back_only_with_that_release_or_a_later_one()
    {
        var resolved = GroupLife.Resolve(After(null, Seen(42)), release: 44, Noon);

        Assert.Equal(GroupStatus.Resolved, After(resolved, Seen(43, minute: 5), Seen(null, minute: 6)).Status);
        Assert.Equal(GroupStatus.Regressed, After(resolved, Seen(44, minute: 5)).Status);
        Assert.Equal(45, After(resolved, Seen(45, minute: 5)).RegressedIn);
    }

    [Fact]
    public void What_is_ignored_comes_back_after_so_many_more()
    {
        var ignored = GroupLife.Ignore(After(null, Seen(42)), more: 2, until: null);

        Assert.Equal(GroupStatus.Ignored, After(ignored, Seen(42), Seen(42)).Status);
        Assert.Equal(GroupStatus.Unresolved, After(ignored, Seen(42), Seen(42), Seen(42)).Status);
    }

    [Fact]
    public void What_is_ignored_for_a_time_comes_back_after_it()
    {
        var ignored = GroupLife.Ignore(After(null, Seen(42)), more: null, until: Noon.AddHours(1));

        Assert.Equal(GroupStatus.Ignored, After(ignored, Seen(42, minute: 59)).Status);
        Assert.Equal(GroupStatus.Unresolved, After(ignored, Seen(42, minute: 60)).Status);
    }

    [Fact]
    public void What_is_ignored_for_ever_stays_so() =>
        Assert.Equal(
            GroupStatus.Ignored,
            After(GroupLife.Ignore(After(null, Seen(42)), more: null, until: null), Seen(42, minute: 9999)).Status
        );

    [Fact]
    public void A_release_brought_what_no_earlier_one_had()
    {
        var group = After(null, Seen(43));

        Assert.True(GroupLife.IsNewIn(group, 43));
        Assert.False(GroupLife.IsNewIn(group, 44));
        // A late event of an earlier release shows that it is older.
        Assert.False(GroupLife.IsNewIn(After(group, Seen(42)), 43));
        Assert.False(GroupLife.IsNewIn(GroupLife.Ignore(group, null, null), 43));
        Assert.False(GroupLife.IsNewIn(GroupLife.Resolve(group, 44, Noon), 43));
    }

    private static ErrorGroup After(ErrorGroup? group, params ErrorEvent[] events) =>
        events.Aggregate(
            group,
            (before, one) =>
                GroupLife.After(before, new(new Site("shop", "production"), "g1", 1, "Error: x", "f in a.ts", one))
        )!;

    private static ErrorEvent Seen(int? release, int minute = 0) =>
        new()
        {
            Id = "1",
            At = Noon.AddMinutes(minute),
            Release = release,
        };
}
