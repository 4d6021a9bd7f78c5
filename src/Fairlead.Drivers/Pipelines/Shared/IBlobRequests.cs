namespace Fairlead.Drivers.Pipelines.Shared;

/// <summary>How a kind of server is asked for what it keeps.</summary>
internal interface IBlobRequests
{
    /// <summary>Where it is, as it may be shown.</summary>
    string Shown { get; }

    /// <param name="digest">SHA-256 of the body, 64 hex digits; null without one.</param>
    HttpRequestMessage Of(HttpMethod method, Blob blob, string? digest);
}
