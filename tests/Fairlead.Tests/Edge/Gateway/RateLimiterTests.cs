using Fairlead.Model.Apps;
using Fairlead.Roles.Edge.Gateway;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Edge.Gateway;

public sealed class RateLimiterTests
{
    private readonly FakeTimeProvider clock = new();

    public static TheoryData<int, int, int> Seeds =>
        [.. Enumerable.Range(1, 40).Select(seed => (seed, 1 + seed * 7 % 60, 1 + seed % 9))];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_window_wherever_it_begins_has_more_than_the_limit(int seed, int count, int seconds)
    {
        var rate = new Rate(count, TimeSpan.FromSeconds(seconds));
        var allowed = Wander(rate, seed, steps: 3_000).ToList();
        for (int first = 0, last = 0; last < allowed.Count; last++)
        {
            while (allowed[last] - allowed[first] >= rate.Window)
            {
                first++;
            }
            Assert.InRange(last - first + 1, 1, count);
        }
        Assert.InRange(allowed.Count, count, int.MaxValue);
    }

    [Fact]
    public void A_large_limit_is_never_passed_though_its_times_are_rounded()
    {
        var rate = new Rate(5_000, TimeSpan.FromMinutes(1));
        var allowed = Wander(rate, seed: 3, steps: 60_000).ToList();
        for (int first = 0, last = 0; last < allowed.Count; last++)
        {
            while (allowed[last] - allowed[first] >= rate.Window)
            {
                first++;
            }
            Assert.InRange(last - first + 1, 1, rate.Count);
        }
    }

    [Fact]
    public void What_a_sliding_window_says_of_itself_comes_true()
    {
        var limiter = Limiter(new Rate(2, TimeSpan.FromSeconds(10)));
        Assert.Equal((true, 1, 10.0), Take(limiter));
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal((true, 0, 7.0), Take(limiter));
        Assert.Equal((false, 0, 7.0), Take(limiter));
        clock.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal((true, 0, 3.0), Take(limiter));
        Assert.Equal((false, 0, 3.0), Take(limiter));
    }

    [Fact]
    public void A_bucket_is_emptied_at_once_and_fills_up_at_its_rate()
    {
        var limiter = Limiter(new Rate(2, TimeSpan.FromSeconds(1)), burst: 3, RateLimitKind.TokenBucket);
        Assert.Equal(
            [(true, 2, 0.5), (true, 1, 0.5), (true, 0, 0.5), (false, 0, 0.5)],
            Enumerable.Range(0, 4).Select(_ => Take(limiter))
        );
        clock.Advance(TimeSpan.FromSeconds(0.4));
        Assert.Equal((false, 0, 0.1), Take(limiter));
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal((true, 0, 0.5), Take(limiter));
        clock.Advance(TimeSpan.FromDays(20));
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => Take(limiter).Item1));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_bucket_gives_no_more_than_its_burst_and_what_has_flown_in(int seed, int count, int seconds)
    {
        var rate = new Rate(count, TimeSpan.FromSeconds(seconds));
        var burst = 1 + seed % 5;
        var allowed = Wander(rate, seed, steps: 2_000, burst, RateLimitKind.TokenBucket).ToList();
        for (var first = 0; first < allowed.Count; first += 97)
        {
            for (var last = first; last < allowed.Count; last += 13)
            {
                var flown = (allowed[last] - allowed[first]) / rate.Window * count;
                Assert.InRange(last - first + 1, 0, burst + flown + 1e-6);
            }
        }
    }

    [Theory]
    [InlineData(RateLimitKind.SlidingWindow)]
    [InlineData(RateLimitKind.TokenBucket)]
    public async Task Of_many_who_ask_at_once_exactly_the_limit_is_let_in(RateLimitKind kind)
    {
        var limiter = Limiter(new Rate(700, TimeSpan.FromMinutes(1)), burst: null, kind);
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ =>
                    Task.Run(
                        () => Enumerable.Range(0, 500).Count(_ => limiter.Take(7).IsAllowed),
                        TestContext.Current.CancellationToken
                    )
                )
        );
        Assert.Equal(700, answers.Sum());
    }

    [Fact]
    public async Task What_is_taken_and_given_back_at_once_leaves_no_trace()
    {
        var limiter = Limiter(new Rate(100, TimeSpan.FromMinutes(1)));
        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(seed =>
                    Task.Run(
                        () =>
                        {
                            for (var turn = 0; turn < 1_000; turn++)
                            {
                                if (limiter.Take(7) is { IsAllowed: true } taken)
                                {
                                    clock.Advance(TimeSpan.FromTicks(turn % 3 * seed));
                                    limiter.GiveBack(7, taken);
                                }
                            }
                        },
                        TestContext.Current.CancellationToken
                    )
                )
        );
        Assert.Equal(99, limiter.Take(7).Left);
    }

    [Fact]
    public void Of_too_many_clients_those_silent_for_longest_are_forgotten()
    {
        var limiter = new RateLimiter(Limit(new Rate(1, TimeSpan.FromHours(1))), clock, keysMax: 160);
        for (var client = 0; client < 1_000; client++)
        {
            limiter.Take((UInt128)client);
            Assert.False(limiter.Take(0).IsAllowed && client > 0); // Who keeps asking is remembered.
        }
        Assert.InRange(limiter.Keys, 100, 160);
    }

    [Fact]
    public void Who_is_remembered_costs_nothing_to_let_in()
    {
        var limiter = Limiter(new Rate(1_000, TimeSpan.FromSeconds(1)));
        for (var turn = 0; turn < 2_000; turn++)
        {
            limiter.Take(7);
        }
        clock.Advance(TimeSpan.FromSeconds(2));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var turn = 0; turn < 500; turn++)
        {
            limiter.Take(7);
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 0);
    }

    private static RateLimit Limit(Rate rate, int? burst = null, RateLimitKind kind = default) =>
        new()
        {
            Name = "ip",
            Limit = rate,
            Burst = burst,
            Kind = kind,
        };

    private RateLimiter Limiter(Rate rate, int? burst = null, RateLimitKind kind = default) =>
        new(Limit(rate, burst, kind), clock);

    private static (bool, int, double) Take(RateLimiter limiter)
    {
        var taken = limiter.Take(7);
        return (taken.IsAllowed, taken.Left, Math.Round(taken.Reset.TotalSeconds, 3));
    }

    // One client in bursts and pauses, beside others that must not matter.
    private IEnumerable<TimeSpan> Wander(
        Rate rate,
        int seed,
        int steps,
        int? burst = null,
        RateLimitKind kind = default
    )
    {
        var (chance, limiter, began) = (new Random(seed), Limiter(rate, burst, kind), clock.GetTimestamp());
        for (var step = 0; step < steps; step++)
        {
            var mean = rate.Window.Ticks / rate.Count;
            clock.Advance(TimeSpan.FromTicks(chance.Next(4) == 0 ? chance.NextInt64(mean * 3) : chance.NextInt64(50)));
            limiter.Take((UInt128)(8 + chance.Next(3)));
            var taken = limiter.Take(7);
            if (taken.IsAllowed && chance.Next(20) == 0)
            {
                limiter.GiveBack(7, taken);
            }
            else if (taken.IsAllowed)
            {
                yield return clock.GetElapsedTime(began);
            }
        }
    }
}
