using Fairlead.Engine.Agents;
using Fairlead.Model.Agents;
using Fairlead.Model.Ports;
using Fairlead.Tests.Responding;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Agents;

public sealed class TaskBookTests
{
    private readonly FakeTimeProvider clock = new(Words.Noon);
    private readonly WritingStore store;
    private readonly TaskBook book;

    public TaskBookTests()
    {
        var world = new World(clock, new Random(1));
        store = new(world);
        book = new(store, static () => new Fence(0), world);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_asks_for_ever_more_loses_what_is_their_own()
    {
        await KeepAsync("ana", 2);
        await KeepAsync("flood", TaskBook.OfOwnerMax + 10);

        Assert.Equal(["ana-1", "ana-0"], (await book.OfAsync("ana", Stop)).Select(static one => one.Id));
        var left = await book.OfAsync("flood", Stop);
        Assert.Equal(TaskBook.OfOwnerMax, left.Count);
        Assert.Equal("flood-10", left[^1].Id);
    }

    [Fact]
    public async Task What_is_over_goes_before_what_waits()
    {
        await KeepAsync("ana", TaskBook.OfOwnerMax, static at => at == 7 ? AgentTaskState.Completed : default);
        await KeepAsync("ana", 1, from: TaskBook.OfOwnerMax);

        Assert.Null(await book.FindAsync("ana", "ana-7", Stop));
        Assert.NotNull(await book.FindAsync("ana", "ana-0", Stop));
    }

    private async Task KeepAsync(string owner, int count, Func<int, AgentTaskState>? state = null, int from = 0)
    {
        for (var at = from; at < from + count; at++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await book.KeepAsync(
                new AgentTask
                {
                    Id = $"{owner}-{at}",
                    ContextId = "c",
                    Owner = owner,
                    State = state?.Invoke(at) ?? AgentTaskState.Working,
                    Note = "",
                    CreatedAt = clock.GetUtcNow(),
                    UpdatedAt = clock.GetUtcNow(),
                },
                Stop
            );
        }
    }
}
