using Fairlead.Engine.Guarding.Identity;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Guarding.Identity;

/// <summary>How those who guess are slowed, and others are not.</summary>
public sealed class SignInPaceTests
{
    private readonly FakeTimeProvider clock = new();
    private readonly SignInPace pace;

    public SignInPaceTests() => pace = new(new World(clock, new Random(1)));

    [Fact]
    public void A_guesser_waits_ever_longer()
    {
        List<double> waits = [];
        for (var failures = 0; failures < 18; failures++)
        {
            var wait = Wait("anna", $"10.0.0.{failures}");
            waits.Add(wait.TotalSeconds);
            clock.Advance(wait);
            pace.Enter("anna", $"10.0.0.{failures}", device: null);
        }

        Assert.Equal([0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900], waits);
    }

    [Fact]
    public void A_day_of_guessing_from_everywhere_is_some_hundred_tries()
    {
        var end = clock.GetUtcNow() + TimeSpan.FromDays(1);
        var tries = 0;
        for (var second = 0; clock.GetUtcNow() < end; second++)
        {
            if (Wait("anna", $"10.{second / 65536}.{second / 256 % 256}.{second % 256}") == TimeSpan.Zero)
            {
                pace.Enter("anna", $"10.{second / 65536}.{second / 256 % 256}.{second % 256}", device: null);
                tries++;
            }
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(109, tries);
    }

    [Fact]
    public void Whoever_signed_in_with_this_browser_before_is_not_held_up_by_a_guesser()
    {
        Guess("anna", 10);

        pace.Enter("anna", "10.0.0.1", device: "1/laptop").Succeeded();
        Assert.NotEqual(TimeSpan.Zero, Wait("anna", "10.0.0.2"));
    }

    [Fact]
    public void Who_there_is_makes_no_difference() => Assert.Equal(Problem("anna"), Problem("nobody@invalid"));

    [Fact]
    public void An_address_that_tries_many_accounts_is_slowed_too()
    {
        for (var at = 0; at < 20; at++)
        {
            pace.Enter($"person{at}", "2001:db9::1", device: null);
        }

        Assert.Equal(TimeSpan.FromSeconds(1), Wait("another", "2001:db9::2"));
        Assert.Equal(TimeSpan.Zero, Wait("another", "2001:db9:0:1::1"));
    }

    [Fact]
    public void A_success_forgets_what_went_wrong_and_so_does_an_hour()
    {
        Guess("anna", 5);
        clock.Advance(TimeSpan.FromSeconds(1));
        pace.Enter("anna", "10.1.0.1", device: null).Succeeded();
        Assert.Equal(TimeSpan.Zero, Wait("anna", "10.1.0.2"));

        Guess("bert", 9);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.Zero, Wait("bert", "10.1.0.3"));
    }

    [Fact]
    public void A_flood_of_names_and_addresses_takes_no_more_room_than_it_may()
    {
        for (var at = 0; at < 60_000; at++)
        {
            pace.Enter($"person{at}", $"10.{at / 65536}.{at / 256 % 256}.{at % 256}", device: null);
        }

        Assert.InRange(pace.Count, 15_000, 20_000);
    }

    [Fact]
    public void The_journal_hears_of_a_flood_in_a_handful_of_lines()
    {
        var refusals = new Refusals(new World(clock, new Random(1)));
        var told = Enumerable.Range(0, 100_000).Select(_ => refusals.Of("refused")).OfType<string>().ToList();

        Assert.Equal(24, told.Count);
        Assert.Equal("100,000 sign-ins were refused within the hour", told[^1]);
    }

    private void Guess(string account, int times)
    {
        for (var at = 0; at < times; at++)
        {
            clock.Advance(Wait(account, $"10.9.0.{at}"));
            pace.Enter(account, $"10.9.0.{at}", device: null);
        }
    }

    private string Problem(string account)
    {
        for (var at = 0; at < 5; at++)
        {
            pace.Enter(account, $"10.3.0.{at}", device: null);
        }
        return Assert.Throws<ProblemException>(() => pace.Enter(account, "10.3.1.1", device: null)).Problem.ToString();
    }

    /// <summary>How long one would have to wait now.</summary>
    private TimeSpan Wait(string account, string address)
    {
        try
        {
            pace.Enter(account, address, device: null).TakeBack();
            return TimeSpan.Zero;
        }
        catch (ProblemException caught)
        {
            return caught.Problem.RetryAt!.Value - clock.GetUtcNow();
        }
    }
}
