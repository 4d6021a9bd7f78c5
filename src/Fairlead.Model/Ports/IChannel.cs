using Fairlead.Model.Alerting;

namespace Fairlead.Model.Ports;

/// <summary>A way to tell somebody: mail, a chat, a pager. One kind, for any number of settings.</summary>
public interface IChannel
{
    /// <summary>Such as <c>webhook</c>. A receiver has settings of it under <c>webhook_configs</c>.</summary>
    string Kind { get; }

    /// <summary>All settings that it knows.</summary>
    IReadOnlyList<ChannelField> Fields { get; }

    /// <summary>
    /// Tells it. May be called again with the same <see cref="Notification.Id"/> when nobody knows whether it went through, and lets the
    /// other side know that id where it can. Never throws for what the other side does, and names no secret in its answer.
    /// </summary>
    /// <param name="settings">Checked against <see cref="Fields"/> and by <see cref="Fault"/>.</param>
    Task<Sent> SendAsync(Notification notification, ChannelSettings settings, CancellationToken stop);

    /// <summary>What is wrong with settings beyond what the fields say, in one sentence; null when nothing is.</summary>
    string? Fault(ChannelSettings settings) => null;
}

/// <param name="Name">As files write it, such as <c>url</c>.</param>
/// <param name="Description">For people: what it takes, with an example.</param>
public sealed record ChannelField(string Name, string Description)
{
    public bool IsRequired { get; init; }

    /// <summary>Never shown again once it was given.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Another name for it, of another program's files.</summary>
    public string? Alias { get; init; }
}

/// <summary>Settings of one channel of a receiver. A list has several texts, keys with values are texts such as <c>name: value</c>.</summary>
public sealed record ChannelSettings(IReadOnlyDictionary<string, IReadOnlyList<string>> Values)
{
    /// <summary>Tell it also that alerts are over.</summary>
    public bool SendsResolved { get; init; } = true;

    /// <summary>The text of a setting; null when it is not given.</summary>
    public string? Text(string name) => Values.TryGetValue(name, out var all) && all is [var first, ..] ? first : null;

    /// <summary>All texts of a setting.</summary>
    public IReadOnlyList<string> All(string name) => Values.GetValueOrDefault(name) ?? [];

    /// <summary>Whether a setting says <c>true</c>.</summary>
    public bool Is(string name) => Text(name) is "true" or "yes" or "on";
}

/// <summary>What became of telling somebody.</summary>
/// <param name="IsTaken">The other side has it.</param>
/// <param name="MayRetry">It may be taken later; else it never will, however often it is sent.</param>
/// <param name="Why">Why it was not taken, with the other side's words; no secrets.</param>
/// <param name="After">Not before that long is it worth trying again, where the other side said so.</param>
public sealed record Sent(bool IsTaken, bool MayRetry, string? Why, TimeSpan? After)
{
    public static Sent Taken { get; } = new(IsTaken: true, MayRetry: false, Why: null, After: null);

    public static Sent Later(string why, TimeSpan? after = null) => new(IsTaken: false, MayRetry: true, why, after);

    public static Sent Never(string why) => new(IsTaken: false, MayRetry: false, why, After: null);
}
