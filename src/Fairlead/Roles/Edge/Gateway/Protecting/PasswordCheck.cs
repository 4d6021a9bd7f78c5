using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Roles.Edge.Gateway.Protecting;

/// <summary>
/// Checks names and passwords. Each check takes a tenth of a second by design, so what was found good is remembered by a keyed hash,
/// and who guesses is slowed down by address.
/// </summary>
internal sealed class PasswordCheck(BasicPolicy policy, World world)
{
    private const int RememberedMax = 1_000;
    private const int AtOnce = 2;

    private static readonly RateLimit Guesses = new() { Name = "sign-in", Limit = new(10, TimeSpan.FromMinutes(1)) };

    // For the whole edge: guessing must not take the machine from those who carry traffic.
    private static readonly SemaphoreSlim Room = new(AtOnce, AtOnce);

    private readonly byte[] secret = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, string> good = new(StringComparer.Ordinal);
    private readonly RateLimiter guesses = new(Guesses, world.Clock);

    // Who is not known is checked too, against this: how long it takes must not tell who is.
    private readonly Lazy<string> nobodys = new(() => PasswordHash.Of("", RandomNumberGenerator.GetBytes(16)));
    private readonly Dictionary<string, string> hashes = policy.Users.ToDictionary(
        user => user.Key,
        user =>
            user.Value.StartsWith("env:", StringComparison.Ordinal)
                ? Environment.GetEnvironmentVariable(user.Value["env:".Length..]) ?? ""
                : user.Value,
        StringComparer.Ordinal
    );

    /// <param name="credentials">What follows <c>Basic</c>.</param>
    /// <param name="client">Whose guesses are counted together.</param>
    /// <returns>Who it is; null when it is nobody. And how long to wait, when too much was guessed.</returns>
    public async ValueTask<(string? User, TimeSpan? Wait)> WhoAsync(
        string credentials,
        UInt128 client,
        CancellationToken stop
    )
    {
        if (good.TryGetValue(Remember(credentials), out var known))
        {
            return (known, null);
        }
        if (Parse(credentials) is not var (name, password))
        {
            return (null, null);
        }
        var taken = guesses.Take(client);
        if (!taken.IsAllowed)
        {
            return (null, taken.Reset);
        }
        await Room.WaitAsync(stop);
        try
        {
            var isKnown = hashes.TryGetValue(name, out var hash);
            if (!await Task.Run(() => PasswordHash.Holds(hash ?? nobodys.Value, password), stop) || !isKnown)
            {
                return (null, null);
            }
        }
        finally
        {
            Room.Release();
        }
        guesses.GiveBack(client, taken);
        if (good.Count >= RememberedMax)
        {
            good.Clear();
        }
        good[Remember(credentials)] = name;
        return (name, null);
    }

    private string Remember(string credentials) =>
        Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(credentials)));

    private static (string Name, string Password)? Parse(string credentials)
    {
        Span<byte> bytes = stackalloc byte[512];
        if (!Convert.TryFromBase64String(credentials, bytes, out var length))
        {
            return null;
        }
        var text = Encoding.UTF8.GetString(bytes[..length]);
        var colon = text.IndexOf(':');
        return colon < 0 ? null : (text[..colon], text[(colon + 1)..]);
    }
}
