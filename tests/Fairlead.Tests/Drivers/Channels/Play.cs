namespace Fairlead.Tests.Drivers.Channels;

/// <summary>What the other side does.</summary>
public enum Play
{
    /// <summary>Takes all.</summary>
    Takes,

    /// <summary>Refuses, and says again all that it was told.</summary>
    Refuses,

    /// <summary>Cannot just now.</summary>
    IsBusy,

    /// <summary>Takes the connection and says nothing.</summary>
    IsSilent,

    /// <summary>Ends the connection in the midst of it.</summary>
    HangsUp,

    /// <summary>Never ends its answer.</summary>
    IsEndless,
}

/// <summary>The other side of a channel, on loopback.</summary>
internal interface IPlayed : IAsyncDisposable
{
    /// <summary>Where it listens.</summary>
    int Port { get; }

    /// <summary>All that it was told so far, as text, without what differs each time.</summary>
    IReadOnlyList<string> Seen { get; }

    /// <summary>Comes when somebody was there.</summary>
    Task Met { get; }
}
