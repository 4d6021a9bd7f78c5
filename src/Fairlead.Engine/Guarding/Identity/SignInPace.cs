using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Guarding.Identity;

/// <summary>
/// Slows those who guess: by account and by address, ever longer with each failure. Nobody is locked out, so nobody can lock
/// others out: a browser that signed in before is counted apart, and passkeys are not slowed by guesses at a password.
/// What it knows is gone with the server: it holds a guesser up, it is no record.
/// </summary>
internal sealed class SignInPace(World world)
{
    private const int TalliesMax = 20_000;
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromHours(1);
    private static readonly Pace OfAccount = new(Free: 5, Most: TimeSpan.FromMinutes(15));

    // Many people can share an address, so it is held up for less long.
    private static readonly Pace OfAddress = new(Free: 20, Most: TimeSpan.FromMinutes(1));

    private readonly Lock gate = new();
    private readonly Dictionary<string, Tally> tallies = new(StringComparer.Ordinal);

    /// <summary>How much it remembers.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return tallies.Count;
            }
        }
    }

    /// <summary>Counts a try before it is made, so that a thousand at once are no more than one after another.</summary>
    /// <param name="account">Whom they want to be, whether there is such a one or not; null when a passkey will say.</param>
    /// <param name="device">Known to be theirs; null for a browser that never signed in as them.</param>
    /// <exception cref="ProblemException">They must wait.</exception>
    public Attempt Enter(string? account, string address, string? device)
    {
        (string Key, Pace Pace)[] both =
        [
            .. account is null ? Array.Empty<(string, Pace)>() : [($"account {account} {device}", OfAccount)],
            .. device is null ? [($"address {Network(address)}", OfAddress)] : Array.Empty<(string, Pace)>(),
        ];
        lock (gate)
        {
            var now = world.Now;
            var until = both.Max(one => Until(one.Key, one.Pace, now));
            if (until > now)
            {
                throw new ProblemException(Slow(until, now));
            }
            var before = both.Select(one => (one.Key, Find(one.Key, now))).ToArray();
            foreach (var (key, known) in before)
            {
                MakeRoom(now);
                tallies[key] = new(known.Failures + 1, now);
            }
            return new Attempt(this, before);
        }
    }

    /// <summary>A try that counts as failed until it is told otherwise.</summary>
    public sealed class Attempt
    {
        private readonly SignInPace pace;
        private readonly (string Key, Tally Tally)[] before;

        internal Attempt(SignInPace pace, (string Key, Tally Tally)[] before) =>
            (this.pace, this.before) = (pace, before);

        /// <summary>It was them: what they got wrong before is forgotten.</summary>
        public void Succeeded() => pace.Change(before, (_, _) => default);

        /// <summary>It was neither right nor wrong.</summary>
        public void TakeBack() => pace.Change(before, (now, old) => new(Math.Max(0, now.Failures - 1), old.At));
    }

    private void Change((string Key, Tally Tally)[] before, Func<Tally, Tally, Tally> change)
    {
        lock (gate)
        {
            foreach (var (key, old) in before)
            {
                if (tallies.Remove(key, out var known) && change(known, old) is { Failures: > 0 } after)
                {
                    tallies[key] = after;
                }
            }
        }
    }

    private DateTimeOffset Until(string key, Pace pace, DateTimeOffset now)
    {
        var tally = Find(key, now);
        return tally.Failures < pace.Free ? now : tally.At + pace.After(tally.Failures);
    }

    private Tally Find(string key, DateTimeOffset now) =>
        tallies.TryGetValue(key, out var known) && now - known.At < ForgetAfter ? known : new(0, now);

    private void MakeRoom(DateTimeOffset now)
    {
        if (tallies.Count < TalliesMax)
        {
            return;
        }
        // A tenth at once, so that a flood does not pay for looking at all of them with each try.
        var oldest = tallies.OrderBy(one => one.Value.At).Take(TalliesMax / 10).Select(one => one.Key).ToList();
        oldest.AddRange(tallies.Where(one => now - one.Value.At >= ForgetAfter).Select(one => one.Key));
        oldest.ForEach(key => tallies.Remove(key));
    }

    // Whoever has one IPv6 address has all of its /64.
    private static string Network(string address)
    {
        if (!IPAddress.TryParse(address, out var known) || known.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }
        return known.IsIPv4MappedToIPv6
            ? known.MapToIPv4().ToString()
            : Convert.ToHexStringLower(known.GetAddressBytes().AsSpan(0, 8));
    }

    private static Problem Slow(DateTimeOffset until, DateTimeOffset now) =>
        new(
            "identity.slow",
            What: "This sign-in was not looked at.",
            Why: $"Too many went wrong. The next is looked at in {Math.Ceiling((until - now).TotalSeconds)} s.",
            Fix: "Wait until then, or sign in with a passkey."
        )
        {
            Trouble = Trouble.NotAllowed,
            RetryAt = until,
        };

    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Tally(int Failures, DateTimeOffset At);

    /// <param name="Free">So many may go wrong before it is slowed.</param>
    private sealed record Pace(int Free, TimeSpan Most)
    {
        public TimeSpan After(int failures)
        {
            var seconds = Math.Pow(2, Math.Min(failures - Free, 20));
            return seconds < Most.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Most;
        }
    }
}
