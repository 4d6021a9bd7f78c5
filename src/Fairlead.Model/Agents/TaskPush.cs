using Fairlead.Model.Security;

namespace Fairlead.Model.Agents;

/// <summary>Where a task's caller wants to be told of it.</summary>
public sealed record TaskPush
{
    /// <summary>Within its task; its caller's or ours.</summary>
    public required string Id { get; init; }

    public required string Task { get; init; }

    /// <summary>Who asked for it; without grants, which are looked up whenever something is told.</summary>
    public required Principal Owner { get; init; }

    public required Uri Url { get; init; }

    /// <summary>How far inside the address may lead.</summary>
    public AddressKind Most { get; init; }

    /// <summary>Scheme of the authentication, such as Bearer; null for none.</summary>
    public string? Scheme { get; init; }

    /// <summary>Token and credentials, sealed; null for none.</summary>
    public string? Sealed { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Number of the task's latest change that was told; 0 for none.</summary>
    public int Told { get; init; }

    /// <summary>Tries of what is told now.</summary>
    public int Attempts { get; init; }

    public DateTimeOffset NextAt { get; init; }

    /// <summary>Why nothing is told there any more; null while something may be.</summary>
    public string? Ended { get; init; }
}
