namespace Fairlead.Model.Ports;

/// <summary>Asks servers which versions of TLS they speak, also those that this machine no longer speaks itself.</summary>
public interface ITlsVersions
{
    /// <param name="minor">1 for TLS 1.0, 2 for TLS 1.1, 3 for TLS 1.2.</param>
    /// <returns>Null when nobody answered.</returns>
    Task<bool?> SpeaksAsync(Uri url, int minor, CancellationToken stop);
}
