using Fairlead.Model.Ports;

namespace Fairlead.Drivers.State;

/// <summary>Seals with a key in a file of the state folder that only its owner can read: AES-256-GCM.</summary>
public sealed class KeyFileSeal(Sealer sealer) : ISeal
{
    public string Seal(string secret, string purpose) => sealer.Seal(secret, purpose);

    public string? Open(string text, string purpose) => sealer.Open<string>(text, purpose);
}
