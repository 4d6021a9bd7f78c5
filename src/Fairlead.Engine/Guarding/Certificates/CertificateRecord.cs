namespace Fairlead.Engine.Guarding.Certificates;

/// <summary>What is remembered of the attempts to get a host's certificate.</summary>
public sealed record CertificateRecord(string Host)
{
    /// <summary>The store's collection of these, by host.</summary>
    public const string Collection = "certificates";

    /// <summary>Who signed the one in use; null before the first.</summary>
    public string? Authority { get; init; }

    /// <summary>Attempts in a row that failed.</summary>
    public int Failures { get; init; }

    /// <summary>The last attempt's trouble; null when it went well.</summary>
    public string? Trouble { get; init; }

    public DateTimeOffset? TriedAt { get; init; }

    /// <summary>Nothing is tried before.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>A person asked for a new one.</summary>
    public bool IsAskedFor { get; init; }
}
