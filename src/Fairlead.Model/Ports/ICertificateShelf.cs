namespace Fairlead.Model.Ports;

/// <summary>Where certificates are used: it keeps them encrypted, and answers handshakes with them at once.</summary>
public interface ICertificateShelf
{
    Task<IReadOnlyList<HeldCertificate>> ListAsync(CancellationToken stop);

    /// <summary>Takes a certificate in the place of the one for the same hosts. May be asked for twice.</summary>
    /// <exception cref="FencedException">Another server is in charge.</exception>
    /// <exception cref="Problems.ProblemException">The certificate and its key do not fit, or it cannot be saved; the one before stays.</exception>
    Task PutAsync(IssuedCertificate certificate, Fence fence, CancellationToken stop);

    /// <summary>Forgets the certificate for exactly these hosts; one that is not there is fine.</summary>
    /// <exception cref="FencedException">Another server is in charge.</exception>
    Task RemoveAsync(IReadOnlyList<string> hosts, Fence fence, CancellationToken stop);
}

/// <summary>A certificate in use, without its key.</summary>
/// <param name="Issuer">Who signed it, by its common name.</param>
/// <param name="Serial">In hex.</param>
public sealed record HeldCertificate(
    IReadOnlyList<string> Hosts,
    string Issuer,
    string Serial,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter
);
