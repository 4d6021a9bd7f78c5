using System.Globalization;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Probes;

/// <summary>Why a service could not be asked.</summary>
internal static class ProbeProblems
{
    public static Problem Unreachable(Uri address, string why) =>
        new(
            "probe.unreachable",
            What: $"{Name(address)} cannot be reached.",
            Why: why,
            Fix: "See whether it runs, and whether it listens there."
        )
        {
            Trouble = Trouble.Unreachable,
        };

    public static Problem NotAllowed(Uri address, string why) =>
        new(
            "probe.not-allowed",
            What: $"{Name(address)} does not let us in.",
            Why: why,
            Fix: $"Write the login into the address, the password as a variable: {address.Scheme}://USER:${{VARIABLE}}@{address.Authority}{address.AbsolutePath}"
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    public static Problem NotUnderstood(Uri address, string why) =>
        new(
            "probe.not-understood",
            What: $"What {Name(address)} answers cannot be understood.",
            Why: why,
            Fix: $"See whether something else listens there: it was asked as '{address.Scheme}:' is spoken."
        );

    private static string Name(Uri address) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{address.Scheme}://{address.Host}{(address.Port > 0 ? ":" : "")}{(address.Port > 0 ? address.Port : "")}"
        );
}

/// <summary>Thrown by a probe's own language when an answer is none; becomes a problem that names the service.</summary>
internal sealed class NotUnderstoodException(string why) : Exception(why);

/// <summary>Thrown when the service refuses the login; becomes a problem that names the service.</summary>
internal sealed class LoginRefusedException(string why) : Exception(why);
