namespace Fairlead.Model.Ports;

/// <summary>Asks a service once, as it is told: no redirect is followed, no cookie is kept.</summary>
public interface ICaller
{
    /// <summary>Never throws for what the service does: a failure is an answer too.</summary>
    Task<CallAnswer> AskAsync(CallOrder order, CancellationToken stop);
}

/// <param name="Headers">Beyond those that every request has.</param>
/// <param name="Body">Null for none.</param>
public sealed record CallOrder(
    string Method,
    Uri Url,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    byte[]? Body = null
);

/// <summary>What came back.</summary>
/// <param name="Status">0 when there was no answer.</param>
/// <param name="Headers">By name, in the order in which they came; a name may be there several times.</param>
/// <param name="Body">At most 1 MiB of it.</param>
/// <param name="IsWhole">Whether the body is all there was.</param>
/// <param name="Failure">Why there is no answer; null when there is one.</param>
public sealed record CallAnswer(
    int Status,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    byte[] Body,
    bool IsWhole,
    string? Failure
)
{
    /// <summary>The first header of this name; null when there is none.</summary>
    public string? Header(string name) =>
        Headers.FirstOrDefault(one => string.Equals(one.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>All headers of this name.</summary>
    public IEnumerable<string> All(string name) =>
        Headers
            .Where(one => string.Equals(one.Key, name, StringComparison.OrdinalIgnoreCase))
            .Select(static one => one.Value);

    /// <summary>The body as text, whatever is in it.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Body);
}
