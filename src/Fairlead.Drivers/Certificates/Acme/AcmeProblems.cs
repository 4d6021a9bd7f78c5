using System.Globalization;
using System.Text.Json;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Certificates.Acme;

/// <summary>Why there is no certificate, in words: what authorities say, with what to do about it.</summary>
internal static class AcmeProblems
{
    /// <summary>How long to stay away from an authority that is asked too often and does not say how long.</summary>
    public static readonly TimeSpan LimitPause = TimeSpan.FromHours(1);

    private const int WordsMax = 600;

    /// <summary>The problem's code for one of ACME's error types.</summary>
    public static string Code(string kind) =>
        kind switch
        {
            "rateLimited" => "certificate.too-often",
            "alreadyRevoked" => "certificate.already-revoked",
            "rejectedIdentifier" or "unsupportedIdentifier" => "certificate.host-refused",
            "caa" => "certificate.caa",
            "externalAccountRequired" => "certificate.needs-binding",
            "accountDoesNotExist" => "certificate.no-account",
            _ => "certificate.refused",
        };

    public static AcmeTrouble? Read(AcmeAnswer answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body, AcmeJson.Default.AcmeTrouble);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static Problem Refused(AcmeConnection connection, AcmeAnswer answer)
    {
        var trouble = Read(answer);
        var kind = trouble?.Kind ?? "unknown";
        var isLater = kind == "rateLimited" || answer.Status is 429 or 503;
        var at = answer.RetryAt ?? (isLater ? connection.World.Now + LimitPause : null);
        return new(
            isLater ? Code("rateLimited") : Code(kind),
            What: $"{connection.Options.Name} refused the request.",
            Why: $"It answered {Number(answer.Status)} to {answer.Url}: {Words(trouble)}",
            Fix: isLater && at is { } time
                ? $"Nothing to do: it is asked again after {time.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}."
                : Fix(kind, "the host")
        )
        {
            RetryAt = at,
            Trouble = isLater ? Trouble.Unreachable : Trouble.Failed,
        };
    }

    public static Problem NotProven(AcmeConnection connection, IReadOnlyList<FailedProof> failed)
    {
        var first = failed[0];
        return new(
            "certificate.not-proven",
            What: $"{connection.Options.Name} could not see that {string.Join(", ", failed.Select(one => one.Host).Distinct())} is ours.",
            Why: string.Join(
                ' ',
                failed.Take(5).Select(one => $"{one.Host} by {ProofChoice.Word(one.Kind)}: {Words(one.Trouble)}")
            ),
            Fix: Fix(first.Trouble?.Kind ?? "", first.Host)
        );
    }

    /// <summary>No kind is left for a host: those that failed say why; without any, none ever fitted.</summary>
    public static Problem NothingLeft(AcmeConnection connection, ProofChoice choice, AuthorizationAnswer asked)
    {
        FailedProof[] failed = [.. choice.Failed.Where(one => one.Host == asked.Identifier?.Value)];
        return failed.Length > 0 ? NotProven(connection, failed) : NoProof(connection, choice, asked);
    }

    private static Problem NoProof(AcmeConnection connection, ProofChoice choice, AuthorizationAnswer asked) =>
        new(
            "certificate.no-proof",
            What: $"Control of {asked.Identifier?.Value} cannot be proven to {connection.Options.Name}.",
            Why: $"It accepts {List((asked.Challenges ?? []).Select(one => one?.Type ?? "?"))}, "
                + $"and we can show {List(choice.Kinds.Select(ProofChoice.Word))}"
                + (asked.Wildcard ? "; a wildcard is proven by DNS alone." : "."),
            Fix: "Set up DNS for the zone of the host, or take the wildcard out of the manifest."
        );

    public static Problem OrderFailed(AcmeConnection connection, IReadOnlyList<string> hosts, OrderAnswer order) =>
        new(
            "certificate.order-failed",
            What: $"{connection.Options.Name} gave no certificate for {string.Join(", ", hosts)}.",
            Why: $"The order is '{order.Status}': {Words(order.Error)}",
            Fix: Fix(order.Error?.Kind ?? "", hosts[0])
        );

    public static Problem TooSlow(AcmeConnection connection, string what, string? status) =>
        new(
            "certificate.too-slow",
            What: $"{connection.Options.Name} did not finish {what} in time.",
            Why: $"After five minutes it is still '{status}'.",
            Fix: "Nothing to do: it is ordered again by itself. See the authority's status page when it stays so."
        )
        {
            Trouble = Trouble.TimedOut,
        };

    public static Problem NoNonce(AcmeConnection connection, int tries) =>
        new(
            "certificate.no-nonce",
            What: $"{connection.Options.Name} accepts none of its own nonces.",
            Why: $"{Number(tries)} in a row were refused.",
            Fix: "See the authority's status page; a proxy between here and there may mix up answers."
        );

    public static Problem BadHosts(string fault) =>
        new(
            "certificate.bad-hosts",
            What: "A certificate cannot be ordered for these hosts.",
            Why: $"{fault}.",
            Fix: "Correct the hosts in the manifest."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem NeedsBinding(AcmeConnection connection) =>
        new(
            Code("externalAccountRequired"),
            What: $"{connection.Options.Name} takes no account that is not tied to a customer.",
            Why: "Its directory says externalAccountRequired, and no key for that is set.",
            Fix: "Get a key id and an HMAC key (EAB) from the authority's customer pages, and set both."
        )
        {
            Trouble = Trouble.NeedsPerson,
        };

    public static Problem BadBindingKey(AcmeConnection connection) =>
        new(
            "certificate.bad-binding-key",
            What: $"The key that ties our account to a customer of {connection.Options.Name} cannot be read.",
            Why: "It is not base64url.",
            Fix: "Copy the HMAC key (EAB) again, whole, from the authority's customer pages."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem BadAccountKey(AcmeConnection connection) =>
        new(
            "certificate.bad-account-key",
            What: $"The key of our account at {connection.Options.Name} cannot be read.",
            Why: "It is no PKCS#8 key in PEM.",
            Fix: "Restore the state folder from a backup, or remove the kept key: a new account is made then."
        );

    public static Problem WrongCertificate(AcmeConnection connection, IReadOnlyList<string> hosts) =>
        new(
            "certificate.wrong",
            What: $"What {connection.Options.Name} issued is not what was ordered.",
            Why: $"The certificate is not for {string.Join(", ", hosts)}, or not for our key.",
            Fix: "Report it to the authority; it is not used here."
        );

    public static Problem CannotRevoke(AcmeConnection connection) =>
        new(
            "certificate.cannot-revoke",
            What: $"{connection.Options.Name} revokes nothing.",
            Why: "Its directory names no place for it.",
            Fix: "Remove the certificate here; it ends by itself."
        );

    public static Problem NotHttps(AcmeConnection connection, string url) =>
        new(
            "certificate.not-https",
            What: $"{connection.Options.Name} cannot be asked at '{url}'.",
            Why: "It is no https address.",
            Fix: "Correct the address of the authority's directory."
        );

    public static Problem Unreadable(AcmeConnection connection, AcmeAnswer answer, string reason) =>
        new(
            "certificate.unreadable",
            What: $"What {connection.Options.Name} answered is not ACME.",
            Why: $"{Number(answer.Status)} from {answer.Url}: {reason}",
            Fix: "Check the address of its directory; a proxy between here and there may answer for it."
        );

    public static Problem Unreachable(AcmeConnection connection, Exception caught) =>
        new(
            "certificate.unreachable",
            What: $"{connection.Options.Name} does not answer.",
            Why: $"{connection.Options.Directory}: {caught.GetBaseException().Message}",
            Fix: $"See that this machine reaches it: curl -I {connection.Options.Directory}"
        )
        {
            Trouble = Trouble.Unreachable,
        };

    /// <summary>What a problem document says, its subproblems by host.</summary>
    public static string Words(AcmeTrouble? trouble)
    {
        if (trouble is null)
        {
            return "it gave no reason.";
        }
        var parts = (trouble.Subproblems ?? [])
            .Take(10)
            .Select(part => $" {part?.Identifier?.Value ?? "?"}: {part?.Detail ?? part?.Kind} ({part?.Kind}).");
        var words = $"{trouble.Detail ?? "no detail"} ({trouble.Kind}).{string.Concat(parts)}";
        return words.Length > WordsMax ? $"{words[..WordsMax]}..." : words;
    }

    private static string Fix(string kind, string host) =>
        kind switch
        {
            "dns" => $"Let {host} point at this machine; see what the world sees: dig +short {host}",
            "connection" or "tls" => "Open ports 80 and 443 to the internet, up to this machine.",
            "unauthorized" or "incorrectResponse" =>
                $"Let {host} point at this machine alone; something else answers there.",
            "caa" => $"Allow the authority in the CAA records of {host}: dig CAA {host}",
            "rejectedIdentifier" or "unsupportedIdentifier" =>
                "Take the host out of the manifest, or use another authority.",
            "userActionRequired" => "Read what the authority wrote to the account's address, and agree there.",
            "invalidContact" or "unsupportedContact" => "Correct the email address of the account.",
            "externalAccountRequired" =>
                "Get a key id and an HMAC key (EAB) from the authority's customer pages, and set both.",
            "accountDoesNotExist" => "Nothing to do: a new account is made at the next attempt.",
            _ => "Try again later; if it stays, ask the authority with the text above.",
        };

    private static string List(IEnumerable<string> words) =>
        string.Join(", ", words) is { Length: > 0 } list ? list : "nothing";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
