using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Identity;
using Fairlead.Engine.Operations.Identity;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>Lets people sign in at an OpenID provider.</summary>
public static class SetProvider
{
    public sealed record Input
    {
        [Description("What to call it. One of this name is changed.")]
        [Positional]
        public required string Name { get; init; }

        [Description("Its address as it calls itself, such as https://login.example.org.")]
        public required string Issuer { get; init; }

        [Description("The id under which Fairlead is known there.")]
        public required string Client { get; init; }

        [Description(
            "Name of the server's environment variable that holds the client's secret; it is sealed and kept."
        )]
        public string? SecretVariable { get; init; }

        [Description(
            "What its groups may do, such as admins=owner,dev=deployer@shop. Without, only people who were invited."
        )]
        public string? Groups { get; init; }

        [Description("It stands on this machine or in its network, so it may be asked there.")]
        public bool Inside { get; init; }
    }

    /// <param name="Callback">What to enter there as redirect address.</param>
    public sealed record Output(
        string Name,
        string Issuer,
        string Client,
        IReadOnlyList<string> Groups,
        string Callback
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>("idp.set", "Let people sign in at an OpenID provider.", Effect.Changes, RunAsync)
        {
            Examples =
            [
                "fairlead idp set work --issuer https://login.example.org --client fairlead --secret-variable IDP_SECRET --groups admins=owner,dev=deployer@shop",
            ],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var desk = PeopleRules.NeedOwner(engine);
        var provider = Read(input);
        if (input.SecretVariable is { } variable)
        {
            var secret = desk.Variable(variable);
            provider = secret is { Length: > 0 }
                ? provider with
                {
                    Secret = desk.Parts.Seal.Seal(secret, ProviderDesk.PurposeOf(provider.Name)),
                }
                : throw new ProblemException(Wrong("secret-variable", variable, "The server has no such variable."));
        }
        await desk.Parts.People.CommitAsync(
            $"the identity provider {provider.Name} ({provider.Issuer}) was set by {engine.Caller}",
            [new Write(ProviderDesk.Collection, provider.Name, Records.Body(provider))],
            stop
        );
        return View(provider, desk);
    }

    internal static Output View(IdentityProvider provider, IdentityDesk desk) =>
        new(
            provider.Name,
            provider.Issuer,
            provider.ClientId,
            [.. provider.Groups.Select(one => $"{one.Group}={GrantText.Of(one.Grant)}")],
            new Uri(desk.Origin, "/sign-in/oidc/callback").ToString()
        );

    /// <exception cref="ProblemException">All that is wrong with it.</exception>
    internal static IdentityProvider Read(Input input)
    {
        List<Problem> findings = [];
        if (!Site.IsName(input.Name) || input.Name is "passkey" or "password")
        {
            findings.Add(Wrong("name", input.Name, "A name has lower-case letters, digits and dashes."));
        }
        if (IssuerAddress.Fault(input.Issuer, input.Inside) is { } fault)
        {
            findings.Add(Wrong("issuer", input.Issuer, fault));
        }
        if (input.Client is not { Length: > 0 and <= 200 } || input.Client.Any(char.IsControl))
        {
            findings.Add(Wrong("client", input.Client, "It has 1 to 200 letters."));
        }
        List<GroupGrant> groups = [];
        foreach (
            var text in (input.Groups ?? "").Split(
                ',',
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
            )
        )
        {
            if (text.LastIndexOf('=') is > 0 and var at && GrantText.TryParse(text[(at + 1)..]) is { } grant)
            {
                groups.Add(new(text[..at], grant));
            }
            else
            {
                findings.Add(Wrong("groups", text, "A group and its role are written as admins=owner."));
            }
        }
        return findings.Count == 0
            ? new IdentityProvider(input.Name, input.Issuer.TrimEnd('/'), input.Client)
            {
                Groups = groups,
                IsInside = input.Inside,
            }
            : throw new ProblemException(findings);
    }

    private static Problem Wrong(string name, string text, string why) =>
        new(
            "identity.bad-provider",
            What: $"--{name} '{text}' cannot be used.",
            Why: why,
            Fix: "Write for example: fairlead idp set google --issuer https://accounts.google.com --client ID --secret-variable OIDC_SECRET"
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
