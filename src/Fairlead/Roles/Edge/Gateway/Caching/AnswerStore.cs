using System.Runtime.InteropServices;

namespace Fairlead.Roles.Edge.Gateway.Caching;

/// <summary>Where an answer is found. Apps answer by the scheme too: one that sends visitors to HTTPS must not send them in circles.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Address(string Scheme, string Host, string Target)
{
    public static Address Of(Trip trip) => new(trip.Http.Request.Scheme, trip.Host, trip.Target);
}

/// <summary>What an answer is kept under.</summary>
/// <param name="Variant">What the request said in the headers that matter; empty for the rule that names them.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AnswerKey(Address Address, string Variant);

/// <summary>Answers in memory, bounded in bytes: what was not asked for longest goes first.</summary>
internal sealed class AnswerStore(long bytesMax)
{
    private readonly Lock gate = new();
    private readonly Dictionary<AnswerKey, LinkedListNode<Kept>> kept = [];
    private readonly LinkedList<Kept> order = [];
    private long bytes;
    private long rules;

    /// <summary>The largest answer that is kept: one must not push out all others.</summary>
    public int AnswerBytesMax { get; } = (int)Math.Min(bytesMax / 4, 32 * 1024 * 1024);

    public long Bytes
    {
        get
        {
            lock (gate)
            {
                return bytes;
            }
        }
    }

    public StoredAnswer? Find(Address address, IHeaderDictionary request)
    {
        lock (gate)
        {
            return GetVariant(address, request) as StoredAnswer;
        }
    }

    /// <summary>Whether this is known to be nothing to keep, so that nobody need wait for it.</summary>
    public bool IsPassed(Address address, IHeaderDictionary request, DateTimeOffset now)
    {
        lock (gate)
        {
            return GetVariant(address, request) is Passed passed && passed.Until > now;
        }
    }

    public void Keep(Address address, IHeaderDictionary request, string[] vary, StoredAnswer answer)
    {
        if (answer.Size > AnswerBytesMax)
        {
            return;
        }
        lock (gate)
        {
            if (Get(new(address, "")) is not VaryRule rule || !rule.Names.SequenceEqual(vary))
            {
                // A new rule has a number of its own, so variants of the old one are never found again.
                rule = new VaryRule(vary, ++rules);
                Put(new(address, ""), rule, 256);
            }
            Put(new(address, rule.VariantOf(request)), answer, answer.Size);
        }
    }

    /// <summary>Remembers that such a request's answer is not for keeping. What is kept for others stays: one odd request must not empty it.</summary>
    public void Pass(Address address, IHeaderDictionary request, DateTimeOffset until)
    {
        lock (gate)
        {
            var variant = Get(new(address, "")) is VaryRule { Names.Length: > 0 } rule ? rule.VariantOf(request) : "";
            Put(new(address, variant), new Passed(until), 256);
        }
    }

    /// <summary>Forgets what is known at an address, because something was changed there (RFC 9111, section 4.4).</summary>
    public void Forget(Address address)
    {
        lock (gate)
        {
            Remove(new(address with { Scheme = "http" }, ""));
            Remove(new(address with { Scheme = "https" }, ""));
        }
    }

    private object? GetVariant(Address address, IHeaderDictionary request)
    {
        var found = Get(new(address, ""));
        return found is VaryRule rule ? Get(new(address, rule.VariantOf(request))) : found;
    }

    private object? Get(AnswerKey key)
    {
        if (!kept.TryGetValue(key, out var node))
        {
            return null;
        }
        order.Remove(node);
        order.AddLast(node);
        return node.Value.What;
    }

    private void Put(AnswerKey key, object what, long size)
    {
        Remove(key);
        var all = size + (2L * (key.Address.Host.Length + key.Address.Target.Length + key.Variant.Length));
        kept.Add(key, order.AddLast(new Kept(key, what, all)));
        bytes += all;
        while (bytes > bytesMax && order.First is { } oldest)
        {
            Remove(oldest.Value.Key);
        }
    }

    private void Remove(AnswerKey key)
    {
        if (kept.Remove(key, out var node))
        {
            order.Remove(node);
            bytes -= node.Value.Size;
        }
    }

    private sealed record Kept(AnswerKey Key, object What, long Size);

    /// <summary>Until then, answers here are not for keeping.</summary>
    private sealed record Passed(DateTimeOffset Until);

    /// <summary>Which request headers matter at an address.</summary>
    private sealed record VaryRule(string[] Names, long Number)
    {
        public string VariantOf(IHeaderDictionary request) =>
            Names.Length == 0
                ? $"{Number}"
                : $"{Number}\n{string.Join('\n', Names.Select(name => request[name].ToString()))}";
    }
}
