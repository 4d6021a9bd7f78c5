using System.Globalization;
using System.Net;
using Fairlead.Drivers.Shell;
using Fairlead.Drivers.State;
using Fairlead.Model.Problems;

namespace Fairlead.Roles.Up;

/// <summary>Where the platform listens; kept, so that addresses stay the same from one start to the next.</summary>
/// <param name="Public">Where apps are reached, such as <c>127.0.0.1:8080</c>.</param>
/// <param name="Internal">Where services reach each other.</param>
/// <param name="Api">Where programs reach the server.</param>
/// <param name="Https">Where apps are reached by TLS; null in the notes of a Fairlead that spoke none.</param>
/// <param name="Otlp">Where the server takes OTLP over gRPC; null in the notes of a Fairlead that took none.</param>
public sealed record Addresses(string Public, string Internal, string Api, string? Https = null, string? Otlp = null)
{
    private static string FileOf(StateFolder state) => Path.Combine(state.Run, "addresses.json");

    /// <summary>Those of the last start; null before the first.</summary>
    public static Addresses? TryRead(StateFolder state) => DurableFile.TryReadJson<Addresses>(FileOf(state));

    public void Write(StateFolder state) => DurableFile.WriteJson(FileOf(state), this);

    /// <summary>Reads <c>127.0.0.1:8080</c>, <c>[::1]:8080</c>, <c>:8080</c> or <c>8080</c>.</summary>
    /// <exception cref="ProblemException">It is none of these.</exception>
    public static IPEndPoint Parse(string option, string text)
    {
        var number = text.StartsWith(':') ? text[1..] : text;
        if (ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return new(IPAddress.Loopback, port);
        }
        return IPEndPoint.TryParse(text, out var address) && text.Contains(':')
            ? address
            : throw new ProblemException(
                new Problem(
                    "up.wrong-address",
                    What: $"--{option} cannot be '{text}'.",
                    Why: "It needs an IP address and a port.",
                    Fix: $"Such as --{option} 127.0.0.1:8080"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
    }
}
