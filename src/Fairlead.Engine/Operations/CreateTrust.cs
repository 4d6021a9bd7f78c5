using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>Lets tokens of another issuer in, such as those of a CI system's jobs.</summary>
public static class CreateTrust
{
    private const int ClaimsMax = 20;
    private const int LettersMax = 500;

    /// <summary>Issuers who sign for everybody: the owner must stand there letter for letter, and this is how it is written.</summary>
    private static readonly Dictionary<string, string> ForEverybody = new(StringComparer.OrdinalIgnoreCase)
    {
        ["https://token.actions.githubusercontent.com"] = "repo:OWNER/",
        ["https://gitlab.com"] = "project_path:GROUP/",
    };

    public sealed record Input : GrantInput
    {
        [Description("What to call it.")]
        [Positional]
        public required string Name { get; init; }

        [Description("Its address as it calls itself, such as https://token.actions.githubusercontent.com.")]
        public required string Issuer { get; init; }

        [Description("Who must show it, such as 'repo:acme/shop:ref:refs/heads/main'; * stands for any letters.")]
        public required string Subject { get; init; }

        [Description("More that the token must say, such as 'environment=production,ref_protected=true'.")]
        public string? Claims { get; init; }

        [Description("For whom it must be meant.")]
        public string Audience { get; init; } = "fairlead";

        [Description("It stands on this machine or in its network, so it may be asked there.")]
        public bool Inside { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, TrustView>(
            "trust.create",
            "Let tokens of another issuer in, such as those of a CI system's jobs.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead trust create shop-ci --issuer https://token.actions.githubusercontent.com --subject 'repo:acme/shop:ref:refs/heads/main' --role deployer --only-app shop",
            ],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<TrustView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var store = engine.Server.Store;
        var policy = await AccessBook.PolicyAsync(store, stop);
        var grant = input.Read(policy);
        if (engine.Caller.Kind is not (PrincipalKind.Owner or PrincipalKind.Person))
        {
            throw new ProblemException(
                AccessProblems.NotAllowed(engine.Caller, "trust an issuer", new(false, "a program trusts nobody"))
            );
        }
        GrantInput.CheckGiver(engine, policy, grant);
        var trust = Read(input, grant, engine);
        if ((await TrustBook.AllAsync(store, stop)) is var all && all.Any(one => one.Name == trust.Name))
        {
            throw new ProblemException(
                Wrong("name", input.Name, "There is one of this name. End it first: fairlead trust remove NAME")
            );
        }
        if (all.Count >= TrustBook.TrustsMax)
        {
            throw new ProblemException(
                Wrong("name", input.Name, $"There are {TrustBook.TrustsMax}, which are the most.")
            );
        }
        await AccessWrites.CommitAsync(
            engine,
            $"tokens of {trust.Issuer} for {trust.Audience} by {string.Join(", ", trust.Claims.Select(static one => $"{one.Key}={one.Value}"))} are trusted as {trust.Name}: {AccessPolicy.Text(grant)}",
            new Write(TrustBook.Collection, trust.Name, Records.Body(trust), Expected: 0),
            stop
        );
        return TrustView.Of(trust);
    }

    /// <exception cref="ProblemException">All that is wrong with it.</exception>
    private static Trust Read(Input input, Grant grant, EngineContext engine)
    {
        List<Problem> findings = [];
        if (!Site.IsName(input.Name))
        {
            findings.Add(Wrong("name", input.Name, "A name has lower-case letters, digits and dashes."));
        }
        if (IssuerAddress.Fault(input.Issuer, input.Inside) is { } fault)
        {
            findings.Add(Wrong("issuer", input.Issuer, fault));
        }
        if (!IsPlain(input.Audience) || input.Audience.Contains('*', StringComparison.Ordinal))
        {
            findings.Add(
                Wrong("audience", input.Audience, "It is a name of 1 to 500 letters, taken letter for letter.")
            );
        }
        var issuer = input.Issuer.TrimEnd('/');
        if (SubjectFault(issuer, input.Subject) is { } wide)
        {
            findings.Add(Wrong("subject", input.Subject, wide));
        }
        var claims = new OrderedDictionary<string, string>(StringComparer.Ordinal) { ["sub"] = input.Subject };
        foreach (
            var text in (input.Claims ?? "").Split(
                ',',
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
            )
        )
        {
            if (
                text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
                && IsPlain(text[(at + 1)..])
                && claims.Count < ClaimsMax
                && claims.TryAdd(text[..at], text[(at + 1)..])
            )
            {
                continue;
            }
            findings.Add(
                Wrong("claims", text, $"Claims are written as name=value, each name once, at most {ClaimsMax}.")
            );
        }
        return findings.Count > 0
            ? throw new ProblemException(findings)
            : new()
            {
                Id = TrustBook.NewId(engine.World),
                Name = input.Name,
                Issuer = issuer,
                Audience = input.Audience,
                Claims = claims,
                Grant = grant,
                IsInside = input.Inside,
                Maker = CreateToken.Bare(engine.Caller),
                CreatedAt = engine.World.Now,
            };
    }

    /// <summary>Why a subject would let too many in; null when it does not.</summary>
    private static string? SubjectFault(string issuer, string subject)
    {
        if (!IsPlain(subject))
        {
            return "It has 1 to 500 letters.";
        }
        if (subject.TrimStart('*').Length == 0)
        {
            return "It takes everybody to whom that issuer gives a token.";
        }
        if (!ForEverybody.TryGetValue(issuer, out var form))
        {
            return null;
        }
        var head = form[..(form.IndexOf(':', StringComparison.Ordinal) + 1)];
        var plain = subject.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star ? subject[..star] : subject;
        return
            plain.StartsWith(head, StringComparison.Ordinal)
            && plain.IndexOf('/', StringComparison.Ordinal) > head.Length
            ? null
            : $"That issuer signs for everybody, so it must begin with {form} letter for letter, before any '*'.";
    }

    private static bool IsPlain(string text) => text.Length is > 0 and <= LettersMax && !text.Any(char.IsControl);

    private static Problem Wrong(string name, string text, string why) =>
        new(
            "access.bad-trust",
            What: $"--{name} {Shown.Quoted(text)} cannot be used.",
            Why: why,
            Fix: "Write for example: fairlead trust create shop-ci --issuer https://token.actions.githubusercontent.com --subject 'repo:acme/shop:ref:refs/heads/main' --role deployer --only-app shop"
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
