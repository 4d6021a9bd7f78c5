using Fairlead.Model.Ports;

namespace Fairlead.Tests.Responding;

/// <summary>A seal that only marks what it sealed.</summary>
/// <param name="key">What another key marks it does not open.</param>
internal sealed class PlainSeal(string key) : ISeal
{
    public string Seal(string secret, string purpose) => $"{key}/{purpose}/{secret}";

    public string? Open(string text, string purpose) =>
        text.StartsWith($"{key}/{purpose}/", StringComparison.Ordinal)
            ? text[(key.Length + purpose.Length + 2)..]
            : null;
}
