using System.Text.Json.Nodes;
using Fairlead.Model.Security;

namespace Fairlead.Model.Ports;

/// <summary>Asks the servers of other agents, at addresses that somebody chose.</summary>
public interface IAgentWire
{
    /// <summary>
    /// Sends one request: within 10 s, to no address of another kind than it may, without following redirects. The answer is read up to 1 MiB.
    /// It does not throw for what the other side does.
    /// </summary>
    Task<WireAnswer> AskAsync(WireRequest request, CancellationToken stop);
}

/// <summary>What another agent's server is asked.</summary>
/// <param name="Most">How far inside its address may lead.</param>
public sealed record WireRequest(Uri Url, AddressKind Most)
{
    /// <summary>Null asks by GET, anything else by POST.</summary>
    public JsonObject? Body { get; init; }

    /// <summary>Media type of the body.</summary>
    public string BodyType { get; init; } = "application/json";

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Whether what it answers is read; else only whether it took it.</summary>
    public bool ReadsAnswer { get; init; } = true;

    /// <summary>Texts that are in none of the words of an answer that is not taken.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];
}

/// <summary>What it answered.</summary>
/// <param name="Sent">Whether it took it, and why not.</param>
/// <param name="Body">Null when there was none, or it is no JSON.</param>
public sealed record WireAnswer(Sent Sent, JsonNode? Body);
