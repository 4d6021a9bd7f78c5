using System.Buffers.Text;
using System.Security.Cryptography;
using Fairlead.Model.Ports;

namespace Fairlead.Faces.SignIn;

/// <summary>What was asked of a browser and not answered yet. Each is good once and for five minutes; the oldest make room.</summary>
internal sealed class Challenges(World world)
{
    private const int Most = 10_000;
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Challenge> open = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();

    /// <returns>What the browser must bring back.</returns>
    /// <param name="state">What the check will need.</param>
    /// <param name="purpose">It is good for nothing else.</param>
    public string Add(string state, string purpose)
    {
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        lock (gate)
        {
            while (order.Count >= Most || (order.TryPeek(out var oldest) && IsOver(oldest)))
            {
                open.Remove(order.Dequeue());
            }
            order.Enqueue(id);
            open[id] = new(state, purpose, world.Now + GoodFor);
        }
        return id;
    }

    /// <summary>Takes it away; null when there was none for this.</summary>
    public string? Take(string id, string purpose)
    {
        lock (gate)
        {
            return
                open.Remove(id, out var found)
                && found.Until > world.Now
                && string.Equals(found.Purpose, purpose, StringComparison.Ordinal)
                ? found.State
                : null;
        }
    }

    private bool IsOver(string id) => !open.TryGetValue(id, out var known) || known.Until <= world.Now;

    private sealed record Challenge(string State, string Purpose, DateTimeOffset Until);
}
