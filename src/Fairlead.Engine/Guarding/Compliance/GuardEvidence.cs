using System.Globalization;

namespace Fairlead.Engine.Guarding.Compliance;

/// <summary>What people, tokens, secrets, certificates and drills prove.</summary>
internal static class GuardEvidence
{
    private static readonly TimeSpan SecretAgeMax = TimeSpan.FromDays(365);
    private static readonly TimeSpan UnusedMax = TimeSpan.FromDays(90);

    public static Measured SignIn(EvidenceSnapshot snapshot)
    {
        if (snapshot.People?.Where(person => !person.IsDisabled).ToList() is not { Count: > 0 } people)
        {
            return new Measured.Unknown("Nobody can sign in yet.", "fairlead person invite EMAIL");
        }
        string[] weak =
        [
            .. people
                .Where(person => person is { Password: not null, Authenticator: null })
                .Select(person => person.Name)
                .Order(StringComparer.Ordinal),
        ];
        return weak.Length > 0
            ? new Measured.Fails(
                $"A password alone lets these in: {DeploymentEvidence.Named(weak)}.",
                "Each adds a passkey and gives up the password, or adds an authenticator: /account",
                snapshot.Now
            )
            : new Measured.Holds(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"All {people.Count} people sign in with a passkey, a second factor or an identity provider."
                ),
                snapshot.Now
            );
    }

    public static Measured Tokens(EvidenceSnapshot snapshot)
    {
        if (snapshot.Tokens is not { } tokens)
        {
            return new Measured.Unknown("Tokens were not looked at.", "fairlead token list");
        }
        var good = tokens.Where(token => token.ExpiresAt > snapshot.Now).ToList();
        string[] idle =
        [
            .. good.Where(token => (token.LastUsed ?? token.CreatedAt) < snapshot.Now - UnusedMax)
                .Select(token => $"{token.Name} ({token.Id})")
                .Order(StringComparer.Ordinal),
        ];
        return idle.Length > 0
            ? new Measured.Fails(
                $"Nobody used these tokens for 90 days: {DeploymentEvidence.Named(idle)}.",
                "fairlead token revoke ID",
                snapshot.Now
            )
            : new Measured.Holds(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{good.Count} tokens are good; each expires and was used or made in the last 90 days."
                ),
                snapshot.Now
            );
    }

    public static Measured Rotated(EvidenceSnapshot snapshot)
    {
        if (snapshot.Secrets?.Where(secret => !secret.IsKeptElsewhere).ToList() is not { Count: > 0 } secrets)
        {
            return new Measured.Unknown(
                "No secret is kept here.",
                "fairlead secret set NAME --app APP --env production"
            );
        }
        string[] old =
        [
            .. secrets.Where(secret => secret.Since < snapshot.Now - SecretAgeMax).Select(secret => secret.Name),
        ];
        return old.Length > 0
            ? new Measured.Fails(
                $"Older than a year: {DeploymentEvidence.Named(old)}.",
                "fairlead secret rotate NAME --app APP --env production",
                snapshot.Now
            )
            : new Measured.Holds(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{secrets.Count} secrets are kept here, sealed; none is older than a year."
                ),
                snapshot.Now
            );
    }

    public static Measured Certificates(EvidenceSnapshot snapshot)
    {
        if (snapshot.Live is null || snapshot.Certificates is null)
        {
            return new Measured.Unknown("Certificates were not looked at.", "fairlead certificate list");
        }
        var hosts = snapshot
            .Live.SelectMany(release => release.Hosts)
            .Where(host => host != "localhost" && !host.EndsWith(".localhost", StringComparison.Ordinal))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        if (hosts.Count == 0)
        {
            return new Measured.Unknown(
                "No live app answers to a name that others can reach.",
                "Add to the environment in fairlead.yaml: hosts: [shop.example.com]"
            );
        }
        var good = snapshot.Certificates.Where(one => one.Until > snapshot.Now).Select(one => one.Host).ToHashSet();
        string[] bare = [.. hosts.Where(host => !good.Contains(host))];
        return bare.Length > 0
            ? new Measured.Fails(
                $"Without a good certificate: {DeploymentEvidence.Named(bare)}.",
                "See why: fairlead certificate list. Where there should be one: tls: auto",
                snapshot.Now
            )
            : new Measured.Holds(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"All {hosts.Count} hosts have a certificate that is good."
                ),
                snapshot.Now
            );
    }

    public static Measured Restores(EvidenceSnapshot snapshot)
    {
        if (snapshot.Drills is not { Count: > 0 } drills)
        {
            return new Measured.Unknown(
                "No restore was tried.",
                "A backup proves nothing until it was restored: run a drill."
            );
        }
        var newest = drills.GroupBy(drill => drill.What).Select(group => group.MaxBy(drill => drill.At)!).ToList();
        string[] failed = [.. newest.Where(drill => !drill.IsGood).Select(drill => drill.What)];
        return failed.Length > 0
            ? new Measured.Fails(
                $"Could not be restored: {DeploymentEvidence.Named(failed)}.",
                "Mend the backup, then run the drill again.",
                newest.Min(drill => drill.At)
            )
            : new Measured.Holds(
                $"Restored in a drill: {DeploymentEvidence.Named([.. newest.Select(drill => drill.What)])}.",
                newest.Min(drill => drill.At)
            );
    }
}
