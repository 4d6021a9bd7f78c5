namespace Fairlead.Roles.Edge.Gateway.Caching;

/// <summary>What an answer is kept under.</summary>
/// <param name="Variant">What the request said in the headers that matter; empty for the rule that names them.</param>
internal readonly record struct AnswerKey(string Host, string Target, string Variant);

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

    public StoredAnswer? Find(string host, string target, IHeaderDictionary request)
    {
        lock (gate)
        {
            return Get(new(host, target, "")) is VaryRule rule
                ? Get(new(host, target, rule.VariantOf(request))) as StoredAnswer
                : null;
        }
    }

    /// <summary>Whether this is known to be nothing to keep, so that nobody need wait for it.</summary>
    public bool IsPassed(string host, string target, DateTimeOffset now)
    {
        lock (gate)
        {
            return Get(new(host, target, "")) is Passed passed && passed.Until > now;
        }
    }

    public void Keep(string host, string target, IHeaderDictionary request, string[] vary, StoredAnswer answer)
    {
        if (answer.Size > AnswerBytesMax)
        {
            return;
        }
        lock (gate)
        {
            if (Get(new(host, target, "")) is not VaryRule rule || !rule.Names.SequenceEqual(vary))
            {
                // A new rule has a number of its own, so variants of the old one are never found again.
                rule = new VaryRule(vary, ++rules);
                Put(new(host, target, ""), rule, 256);
            }
            Put(new(host, target, rule.VariantOf(request)), answer, answer.Size);
        }
    }

    public void Pass(string host, string target, DateTimeOffset until)
    {
        lock (gate)
        {
            Put(new(host, target, ""), new Passed(until), 256);
        }
    }

    /// <summary>Forgets what is known at an address, because something was changed there (RFC 9111, section 4.4).</summary>
    public void Forget(string host, string target)
    {
        lock (gate)
        {
            Remove(new(host, target, ""));
        }
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
        var all = size + (2L * (key.Host.Length + key.Target.Length + key.Variant.Length));
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
