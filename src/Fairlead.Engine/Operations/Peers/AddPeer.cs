using System.ComponentModel;
using System.Net;
using Fairlead.Engine.Agents;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Agents;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations.Peers;

/// <summary>Makes another agent known: what Fairlead hands over to its role is delivered there from then on.</summary>
public static class AddPeer
{
    private const string WellKnown = "/.well-known/agent-card.json";
    private const int TokenLettersMax = 4_000;

    public sealed record Input
    {
        [Description("What it is called here.")]
        [Positional]
        public required string Name { get; init; }

        [Description("Where it is, such as https://fixer.example.org, or where its card is.")]
        [Positional]
        public required string Url { get; init; }

        [Description(
            "Whose hand-offs it gets: implementation (troubleshooting briefs) or main (status, incidents, post-mortems)."
        )]
        public required HandoffRole Role { get; init; }

        [Description("The token that it wants to be shown; empty for none.")]
        [Confidential]
        public string? Token { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, PeerView>(
            "peer.add",
            "Deliver what Fairlead hands over to another agent, by A2A.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead peer add fixer https://fixer.example.org --role implementation --file fixer.token"],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<PeerView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var book = PeerDesk.Book(engine);
        var at = Check(input, (await book.AllAsync(stop)).Where(one => one.Name != input.Name).Count());
        // Whoever may add one vouches for where it is.
        var answer = await engine.Server.Agents.Wire.AskAsync(PeerSpeech.Card(at, AddressKind.Inside), stop);
        if (!answer.Sent.IsTaken)
        {
            throw new ProblemException(PeerDesk.NoCard(at, answer.Sent.Why ?? "It did not answer."));
        }
        if (PeerSpeech.Read(answer.Body, at) is not var (endpoint, name))
        {
            throw new ProblemException(
                PeerDesk.NoCard(at, "It says nowhere that A2A 1.0 is spoken by JSON-RPC at the same host.")
            );
        }
        var peer = new AgentPeer
        {
            Name = input.Name,
            Card = at,
            CalledThere = name,
            Role = input.Role,
            Endpoint = endpoint,
            Most = AddressKind.Inside,
            Sealed = input.Token is { Length: > 0 } token
                ? (await engine.Server.Agents.OpenSeal(stop)).Seal(token, PeerTeller.Purpose)
                : null,
            AddedAt = engine.World.Now,
            AddedBy = $"{engine.Caller}",
        };
        await book.KeepAsync(
            peer,
            $"{peer.Role} is {peer.Name} ({peer.CalledThere}) at {peer.Endpoint.Authority}, by {engine.Caller}",
            stop
        );
        return PeerView.Of(peer, []);
    }

    private static Uri Check(Input input, int others)
    {
        if (!Site.IsName(input.Name))
        {
            throw new ProblemException(PeerDesk.Wrong("A name has letters, digits and dashes."));
        }
        if (others >= PeerBook.PeersMax)
        {
            throw new ProblemException(PeerDesk.Wrong($"There are {PeerBook.PeersMax} agents already."));
        }
        if (input.Role is not (HandoffRole.Implementation or HandoffRole.Main))
        {
            throw new ProblemException(
                PeerDesk.Wrong("Fairlead hands over to the roles implementation and main alone.")
            );
        }
        if (
            input.Token is { } token
            && (token.Length > TokenLettersMax || token.Any(static one => one is <= ' ' or > '~'))
        )
        {
            throw new ProblemException(PeerDesk.Wrong("A token is letters of ASCII without spaces."));
        }
        if (
            !Uri.TryCreate(input.Url, UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https")
            || url.UserInfo.Length > 0
        )
        {
            throw new ProblemException(
                PeerDesk.Wrong("It is no address by http or https without a name and password in it.")
            );
        }
        if (
            url.Scheme is "http"
            && !(
                url.IsLoopback
                || (
                    IPAddress.TryParse(url.Host.Trim('[', ']'), out var address)
                    && AddressKinds.Of(address) is AddressKind.Inside
                )
            )
        )
        {
            throw new ProblemException(
                PeerDesk.Wrong("It is not by https: whoever is on the way would read the token.")
            );
        }
        return url.AbsolutePath.EndsWith(".json", StringComparison.Ordinal)
            ? url
            : new Uri(url, $"{url.AbsolutePath.TrimEnd('/')}{WellKnown}");
    }
}
