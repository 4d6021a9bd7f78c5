using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Dns;

/// <summary>Why a name was not changed, in words.</summary>
internal static class DnsProblems
{
    public static ProblemException NoZone(string provider, string name) =>
        new(
            new Problem(
                "dns.no-zone",
                What: $"{provider} holds no zone for {name}.",
                Why: "None of the zones that these credentials reach is the name's own or a parent's.",
                Fix: $"See who serves the name: dig +trace {name} NS. Then set up that provider, or let the credentials reach the zone."
            )
            {
                Trouble = Trouble.NotFound,
            }
        );

    public static ProblemException Refused(string provider, string name, string reason) =>
        new(
            new Problem(
                "dns.refused",
                What: $"{provider} did not change {name}.",
                Why: reason,
                Fix: "Check the credentials and what they may do: they must be allowed to change TXT records of the zone."
            )
        );

    public static ProblemException TooOften(string provider, string name, DateTimeOffset retryAt) =>
        new(
            new Problem(
                "dns.too-often",
                What: $"{provider} did not change {name}.",
                Why: "It was asked too often.",
                Fix: "Nothing to do: it is asked again by itself."
            )
            {
                RetryAt = retryAt,
                Trouble = Trouble.Unreachable,
            }
        );

    public static ProblemException Unreachable(string provider, string where, Exception caught) =>
        new(
            new Problem(
                "dns.unreachable",
                What: $"{provider} does not answer.",
                Why: $"{where}: {caught.GetBaseException().Message}",
                Fix: "See that this machine reaches it, and that the address is right."
            )
            {
                Trouble = Trouble.Unreachable,
            },
            caught
        );

    public static ProblemException Unreadable(string provider, string name, Exception caught) =>
        new(
            new Problem(
                "dns.unreadable",
                What: $"What {provider} answered about {name} cannot be read.",
                Why: caught.Message,
                Fix: "Check the address of the provider; a proxy between here and there may answer for it."
            ),
            caught
        );

    public static ProblemException TooSlow(string provider, string name, TimeSpan limit) =>
        new(
            new Problem(
                "dns.too-slow",
                What: $"{provider} does not give out the new text of {name}.",
                Why: $"It took the change, but {limit.TotalSeconds} s later it is still not to be seen.",
                Fix: "Nothing to do: it is tried again by itself. See the provider's status page when it stays so."
            )
            {
                Trouble = Trouble.TimedOut,
            }
        );

    public static ProblemException BadSettings(string kind, string fault) =>
        new(
            new Problem(
                "dns.bad-settings",
                What: $"The DNS provider '{kind}' cannot be used.",
                Why: $"{fault}.",
                Fix: $"Correct the settings of '{kind}'."
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );
}
