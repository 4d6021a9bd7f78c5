using System.Globalization;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Guarding.Identity;

/// <summary>Says which refused sign-ins the journal is told of: the first of an hour one by one, then only how many there were.</summary>
internal sealed class Refusals(World world)
{
    private const int OneByOne = 20;
    private static readonly TimeSpan Span = TimeSpan.FromHours(1);

    private readonly Lock gate = new();
    private DateTimeOffset began;
    private long count;

    /// <summary>What the journal is told; null when this one is only counted.</summary>
    public string? Of(string text)
    {
        lock (gate)
        {
            if (world.Now - began >= Span)
            {
                (began, count) = (world.Now, 0);
            }
            count++;
            return count <= OneByOne ? text
                : IsRound(count)
                    ? string.Create(CultureInfo.InvariantCulture, $"{count:N0} sign-ins were refused within the hour")
                : null;
        }
    }

    // 100, 1,000, 10,000: a flood of any size is a handful of lines.
    private static bool IsRound(long count) => count >= 100 && Math.Log10(count) % 1 == 0;
}
