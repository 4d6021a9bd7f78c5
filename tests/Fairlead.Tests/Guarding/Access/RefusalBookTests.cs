using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Guarding.Access;

/// <summary>Refusals are written down, and fill no disk.</summary>
public sealed class RefusalBookTests
{
    private static readonly Problem Refusal = new("access.not-allowed", "No.", "He may not.", "Ask.");

    [Fact]
    public async Task A_flood_of_refusals_is_one_entry_a_minute_and_the_rest_is_counted()
    {
        var stop = TestContext.Current.CancellationToken;
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 27, 0, 0, 0, TimeSpan.Zero));
        var world = new World(clock, new Random(1));
        var store = new MemoryStore(world);
        var fence = await store.TakeChargeAsync("test", stop);
        var book = new RefusalBook(store, () => fence, world);
        var eve = new Principal(PrincipalKind.Person, "e", "eve");

        for (var i = 0; i < 10_000; i++)
        {
            await book.NoteAsync(eve, "promote shop", Refusal, stop);
        }
        clock.Advance(TimeSpan.FromMinutes(1));
        await book.NoteAsync(eve, "promote shop", Refusal, stop);
        await book.NoteAsync(null, "/api/status", Refusal, stop);

        Assert.Equal(
            [
                "eve (e): promote shop: He may not.",
                "eve (e): promote shop, and 9999 more before: He may not.",
                "somebody unknown: /api/status: He may not.",
            ],
            store.Journal.Select(entry => entry.Text)
        );
        Assert.Equal(10_002, book.Count);
    }

    [Fact]
    public async Task Many_callers_share_one_line_once_there_are_too_many()
    {
        var stop = TestContext.Current.CancellationToken;
        var world = new World(new FakeTimeProvider(), new Random(1));
        var store = new MemoryStore(world);
        var fence = await store.TakeChargeAsync("test", stop);
        var book = new RefusalBook(store, () => fence, world);
        for (var i = 0; i < 5_000; i++)
        {
            await book.NoteAsync(new(PrincipalKind.Service, $"{i}", "s"), "status", Refusal, stop);
        }
        Assert.Equal(1_001, store.Journal.Count);
    }
}
