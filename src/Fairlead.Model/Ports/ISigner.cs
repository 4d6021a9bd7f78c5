namespace Fairlead.Model.Ports;

/// <summary>Signs with the one key that only this Fairlead has: what the journal is, and where artifacts come from.</summary>
/// <remarks>What is signed begins by saying what it is, so that no signature can stand below something else.</remarks>
public interface ISigner
{
    /// <summary>Names the key: SHA-256 of its public half, in hex.</summary>
    /// <exception cref="Problems.ProblemException">There is a key, but it cannot be used; so do all of these.</exception>
    string KeyId { get; }

    /// <summary>The public half, in PEM.</summary>
    string PublicPem { get; }

    /// <summary>ECDSA on P-256 over SHA-256, as DER: what <c>openssl dgst -sha256 -verify</c> reads.</summary>
    byte[] Sign(ReadOnlySpan<byte> message);

    bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);
}
