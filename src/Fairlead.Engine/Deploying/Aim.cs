using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>What the world should look like now, and which liberties there are on the way.</summary>
public sealed record Aim
{
    public required Shape Shape { get; init; }

    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>What visitors without TLS are told; null for nothing.</summary>
    public HttpsRules? Https { get; init; }

    /// <summary>Replicas of this release are not stopped although the shape does not want them yet.</summary>
    public Release? Spared { get; init; }

    /// <summary>These must be ready before the aim is reached; others may be down, so that a fix can be shipped.</summary>
    public required IReadOnlySet<Part> MustBeReady { get; init; }

    /// <summary>Traffic returns to the shape bit by bit, as its replicas become ready.</summary>
    public bool IsTakingBack { get; init; }

    /// <summary>It is reached only when what the shape does not want is gone.</summary>
    public bool MustBeAlone { get; init; }

    /// <summary>Services whose parts may never run at the same time.</summary>
    public required IReadOnlySet<string> Exclusive { get; init; }
}

/// <summary>What to do next for an aim. Both null: the world looks like it.</summary>
/// <param name="Waiting">What is waited for, in words.</param>
public sealed record Progress(Move? Move, string? Waiting);
