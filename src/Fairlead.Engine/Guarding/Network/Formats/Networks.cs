using System.Globalization;
using System.Net;

namespace Fairlead.Engine.Guarding.Network.Formats;

/// <summary>Networks as texts such as <c>10.0.0.0/8</c>.</summary>
internal static class Networks
{
    /// <summary>Whether all of one is in another; false for networks of two families.</summary>
    public static bool IsWithin(string inner, string outer)
    {
        var (innerAddress, innerLength) = Read(inner);
        var (outerAddress, outerLength) = Read(outer);
        var (left, right) = (innerAddress.GetAddressBytes(), outerAddress.GetAddressBytes());
        return left.Length == right.Length
            && innerLength >= outerLength
            && Enumerable.Range(0, outerLength).All(bit => Bit(left, bit) == Bit(right, bit));
    }

    private static bool Bit(byte[] bytes, int bit) => (bytes[bit / 8] & (0x80 >> (bit % 8))) != 0;

    private static (IPAddress Address, int Length) Read(string network)
    {
        var slash = network.IndexOf('/', StringComparison.Ordinal);
        return (
            IPAddress.Parse(network.AsSpan(0, slash)),
            int.Parse(network.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture)
        );
    }
}
