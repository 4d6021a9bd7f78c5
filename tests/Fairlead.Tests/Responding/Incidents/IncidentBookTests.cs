using Fairlead.Engine.Deploying;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Model.Apps;
using Fairlead.Model.Incidents;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Responding.Incidents;

/// <summary>Incidents as they are kept.</summary>
public sealed class IncidentBookTests
{
    private readonly WritingStore store = new(new World(new FakeTimeProvider(Words.Noon), new Random(1)));
    private readonly IncidentBook book;

    public IncidentBookTests() => book = new(store, () => new Fence(0));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_has_the_next_number_whatever_it_is_about_and_the_newest_comes_first()
    {
        await OpenAsync(new Site("shop", "production"));
        await OpenAsync(null);
        await OpenAsync(new Site("till", "production"));

        Assert.Equal(
            ["3 till/production", "2 ", "1 shop/production"],
            (await book.AllAsync(Stop)).Select(one => $"{one.Number} {one.Site}")
        );
        Assert.Equal(new Site("shop", "production"), (await book.FindAsync(1, Stop)).Site);
        var problem = await Assert.ThrowsAsync<ProblemException>(() => book.FindAsync(4, Stop));
        Assert.Equal("incident.unknown", problem.Problem.Code);
    }

    [Fact]
    public async Task All_that_is_known_of_one_is_read_again_and_each_moment_is_a_line_of_the_journal()
    {
        var incident = await OpenAsync(new Site("shop", "production"));
        var changed = await book.ChangeAsync(
            incident,
            now =>
                (
                    now with
                    {
                        State = IncidentState.Mitigated,
                        MitigatedAt = Words.At(9),
                        Rollback = new(42, 41, RollbackState.Asked, "why"),
                        Suspects = [new(Words.At(-9), "release 42", "why", 90) { Release = 42, Deployment = "d" }],
                        Impact = new(10, 3),
                        FollowUps = [new(1, "do", "ana", new DateOnly(2026, 12, 24), IsDone: false)],
                    }
                ).With(Words.At(9), "state", "Mitigated.", "ana"),
            Stop
        );
        var read = await book.FindAsync(1, Stop);

        Assert.Equal(Records.Body(changed).ToJsonString(), Records.Body(read).ToJsonString());
        Assert.Equal(["incident 1: opened", "incident 1: Mitigated."], store.JournalTexts);
    }

    [Fact]
    public async Task A_change_that_changes_nothing_writes_nothing_and_one_of_an_old_copy_changes_what_is_there()
    {
        var old = await OpenAsync(null);
        await book.ChangeAsync(old, now => now with { Commander = "ana" }, Stop);
        await book.ChangeAsync(old, now => null, Stop);
        await book.ChangeAsync(old, now => now with { Title = "Other" }, Stop);
        var read = await book.FindAsync(1, Stop);

        Assert.Equal(("ana", "Other"), (read.Commander, read.Title));
        Assert.Equal(3, store.All(IncidentBook.Collection).Single().Version);
    }

    [Fact]
    public async Task Two_that_are_opened_at_once_have_two_numbers()
    {
        Task<Incident>? other = null;
        var incident = await book.OpenAsync(
            number =>
            {
                // The store in memory never waits, so this one is there before the number is taken.
                other ??= OpenAsync(null);
                return Of(number, null);
            },
            Stop
        );

        Assert.Equal((1, 2), ((await other!).Number, incident.Number));
    }

    private Task<Incident> OpenAsync(Site? site) => book.OpenAsync(number => Of(number, site), Stop);

    private static Incident Of(int number, Site? site) =>
        new Incident
        {
            Number = number,
            Site = site,
            Title = "All is wrong",
            StartedAt = Words.At(0),
            DetectedAt = Words.At(1),
            OpenedBy = "ana",
        }.With(Words.At(1), "state", "opened", "ana");
}
