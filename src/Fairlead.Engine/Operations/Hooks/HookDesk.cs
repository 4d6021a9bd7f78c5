using Fairlead.Engine.Guarding.Secrets;
using Fairlead.Engine.Sources;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations.Hooks;

/// <summary>Takes webhooks: proves them, lets the source look, and answers at once.</summary>
/// <param name="ring">Lets a source look now.</param>
public sealed class HookDesk(SourceBook book, Vault vault, World world, Action<string> ring)
{
    /// <summary>Larger ones are not read; what they tell of is found by polling.</summary>
    public const int BodyBytesMax = 4 << 20;

    private const int DeliveriesMax = 1_000;

    private readonly Lock gate = new();
    private readonly HashSet<string> seen = [];
    private readonly Queue<string> order = [];

    /// <param name="header">A header's value; null when there is none.</param>
    /// <returns>Whether it is news; one that came before changes nothing.</returns>
    /// <exception cref="ProblemException">It is not proven. That there is no such source is not told.</exception>
    public async Task<bool> TakeAsync(
        string source,
        Func<string, string?> header,
        ReadOnlyMemory<byte> body,
        CancellationToken stop
    )
    {
        var known = await book.FindAsync(source, stop);
        // Without a source the same is done with a secret that nobody knows, so that the time says nothing either.
        var secret = known is null
            ? world.NewId()
            : (await SourceSecrets.OpenAsync(vault, known, known.HookSecret, stop)).Reveal();
        var proof = HookProof.Of(header, body.Span, secret, world.Now);
        if (known is null || !proof.IsProven)
        {
            throw new ProblemException(SourceProblems.HookRefused());
        }
        if (proof.Delivery is { } delivery && !IsNews($"{source}/{delivery}"))
        {
            return false;
        }
        ring(source);
        return true;
    }

    private bool IsNews(string delivery)
    {
        lock (gate)
        {
            if (!seen.Add(delivery))
            {
                return false;
            }
            order.Enqueue(delivery);
            if (order.Count > DeliveriesMax)
            {
                seen.Remove(order.Dequeue());
            }
            return true;
        }
    }
}
