using Fairlead.Model.Ports;

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

    /// <summary>The certificate in use with its chain, to ask its authority about it; null where the authority never advises.</summary>
    public string? ChainPem { get; init; }

    /// <summary>When its authority would like it to be renewed; null where it did not say.</summary>
    public RenewalWindow? Advice { get; init; }

    /// <summary>When it was last asked.</summary>
    public DateTimeOffset? AdvisedAt { get; init; }

    /// <summary>A person asked for a new one.</summary>
    public bool IsAskedFor { get; init; }
}
