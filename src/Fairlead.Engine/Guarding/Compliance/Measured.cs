namespace Fairlead.Engine.Guarding.Compliance;

/// <summary>What a query found. The set is closed.</summary>
public abstract record Measured(string Text)
{
    private Measured(string text, bool _)
        : this(text) { }

    /// <summary>It is as it should be.</summary>
    /// <param name="At">Of when this is.</param>
    public sealed record Holds(string Text, DateTimeOffset At) : Measured(Text, false);

    /// <summary>It is not.</summary>
    /// <param name="Fix">What to do.</param>
    public sealed record Fails(string Text, string Fix, DateTimeOffset At) : Measured(Text, false);

    /// <summary>Nobody knows.</summary>
    /// <param name="Fix">What would let it be known.</param>
    public sealed record Unknown(string Text, string Fix) : Measured(Text, false);
}

/// <summary>A question about a snapshot. Pure: the same snapshot gives the same answer.</summary>
/// <param name="Name">As catalogues write it.</param>
/// <param name="About">What it proves when it holds.</param>
/// <param name="Fresh">How old an answer may be before it proves nothing any more.</param>
public sealed record EvidenceQuery(string Name, string About, TimeSpan Fresh, Func<EvidenceSnapshot, Measured> Measure);

/// <summary>A question's answer, with the digest by which it is named in bundles.</summary>
/// <param name="Digest">SHA-256 over everything else here, in hex.</param>
public sealed record Evidence(string Query, string About, Measured Answer, bool IsStale, string Digest);
