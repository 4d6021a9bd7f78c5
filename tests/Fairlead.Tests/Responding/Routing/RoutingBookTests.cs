using Fairlead.Engine.Responding.Routing;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Responding.Routing;

/// <summary>Who is told of what, as it is kept.</summary>
public sealed class RoutingBookTests
{
    private const string File =
        "route: { receiver: ops }\nreceivers: [{ name: ops, webhook_configs: [{ url: 'https://secret.example' }] }]\n";

    private readonly WritingStore store = new(new World(new FakeTimeProvider(Words.Noon), new Random(1)));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Is_read_again_after_a_start()
    {
        await Book("key").SetAsync("a.yaml", File, "ana", Stop);
        var book = Book("key");
        await book.LoadAsync(Stop);

        Assert.Equal(File, await book.TextAsync(Stop));
        Assert.Equal("ops", book.Plan.Root.Receiver);
    }

    [Fact]
    public async Task What_is_sealed_with_another_key_is_not_taken_and_tells_nobody()
    {
        await Book("key").SetAsync("a.yaml", File, "ana", Stop);
        var book = Book("other");
        await book.LoadAsync(Stop);

        Assert.Same(RoutingPlan.Empty, book.Plan);
        var problem = await Assert.ThrowsAsync<ProblemException>(() => book.TextAsync(Stop));
        Assert.Equal("alerting.sealed", problem.Problem.Code);
    }

    [Fact]
    public async Task A_file_that_is_wrong_changes_nothing()
    {
        var book = Book("key");
        await book.SetAsync("a.yaml", File, "ana", Stop);
        await Assert.ThrowsAsync<ProblemException>(() => book.SetAsync("a.yaml", "route: {}", "ana", Stop));

        Assert.Equal("ops", book.Plan.Root.Receiver);
        Assert.Equal(File, await book.TextAsync(Stop));
        Assert.Equal(["Who is told of what was set by ana: 1 receivers, 1 routes"], store.JournalTexts);
    }

    [Fact]
    public async Task A_silence_that_is_over_or_unknown_cannot_be_ended()
    {
        var book = Book("key");
        var silence = new Silence("s1", Matching.TryRead("a=b", out _)!, Words.At(0), Words.At(60), "ana", "x");
        await book.SilenceAsync(silence, Words.At(0), Stop);

        Assert.Equal([silence.Until], (await book.SilencesAsync(Stop)).Select(one => one.Until));
        foreach (var (id, second) in new[] { ("s2", 1.0), ("s1", 60) })
        {
            var problem = await Assert.ThrowsAsync<ProblemException>(() =>
                book.UnsilenceAsync(id, ("ana", Words.At(second)), Stop)
            );
            Assert.Equal("alert.no-silence", problem.Problem.Code);
        }
        Assert.Equal(Words.At(9), (await book.UnsilenceAsync("s1", ("ana", Words.At(9)), Stop)).Until);
    }

    [Fact]
    public async Task Silences_that_are_long_over_are_forgotten_with_the_next()
    {
        var book = Book("key");
        Silence Of(string id, int second) =>
            new(id, Matching.TryRead("a=b", out _)!, Words.At(second), Words.At(second + 60), "ana", "x");
        await book.SilenceAsync(Of("s1", 0), Words.At(0), Stop);
        await book.SilenceAsync(Of("s2", 7 * 24 * 3600), Words.At(7 * 24 * 3600), Stop);
        Assert.Equal(2, (await book.SilencesAsync(Stop)).Count);
        await book.SilenceAsync(Of("s3", 8 * 24 * 3600), Words.At(8 * 24 * 3600), Stop);

        Assert.Equal(["s2", "s3"], (await book.SilencesAsync(Stop)).Select(one => one.Id));
    }

    private RoutingBook Book(string key) =>
        new(
            (store, () => new Fence(0)),
            _ => Task.FromResult<ISeal>(new PlainSeal(key)),
            PlayedChannel.Kinds,
            NullLogger.Instance
        );
}
